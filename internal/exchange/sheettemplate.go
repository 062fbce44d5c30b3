package exchange

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// The template is an empty sheet with the headings that are understood without further ado, and one row that shows what
// belongs in them. That row is known by how its title begins, and is passed over when it is read.

var exampleMarks = record.Text{
	record.Dutch:   "VOORBEELD (deze rij wordt overgeslagen): ",
	record.English: "EXAMPLE (this row is skipped): ",
}

func isExample(row SheetRow) bool {
	for _, cell := range row.Cells {
		for _, mark := range exampleMarks {
			if strings.HasPrefix(cell, mark) {
				return true
			}
		}
	}
	return false
}

// templateRows are the headings and the example.
func templateRows(language record.Language) [][]string {
	var headings, example []string
	for _, f := range sheetFields {
		if f.example == nil {
			continue
		}
		text := f.example.In(language)
		if f.name == "title" {
			text = exampleMarks.In(language) + text
		}
		headings, example = append(headings, f.label.In(language)), append(example, text)
	}
	return [][]string{headings, example}
}

// TemplateTable writes the template as CSV, as Table does.
func TemplateTable(w io.Writer, language record.Language) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write a template: %w", err)
	}
	return writeRows(w, templateRows(language)...)
}

// workbookParts are those of the smallest workbook with a sheet.
func workbookParts(sheet string) [][2]string {
	return [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Plein" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
		// Style 1 is text, so that a spreadsheet leaves what somebody types as it is: no day becomes a number.
		{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet1.xml", sheet},
	}
}

// TemplateWorkbook writes the template as XLSX.
func TemplateWorkbook(w io.Writer, language record.Language) error {
	z := zip.NewWriter(w)
	for _, part := range workbookParts(sheetXML(templateRows(language))) {
		f, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(f, xml.Header+part[1])
		}
		if err != nil {
			return fmt.Errorf("write a template: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write a template: %w", err)
	}
	return nil
}

// sheetXML is a sheet of texts, with the first row in bold and kept in sight.
func sheetXML(rows [][]string) string {
	var out strings.Builder
	fmt.Fprintf(&out, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="%d" width="28" style="1" customWidth="1"/></cols><sheetData>`, len(rows[0]))
	for i, row := range rows {
		style := 1
		if i == 0 {
			style = 2
		}
		fmt.Fprintf(&out, `<row r="%d">`, i+1)
		for j, cell := range row {
			fmt.Fprintf(&out, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, columnName(j), i+1, style)
			xml.EscapeText(&out, []byte(cell)) //nolint:errcheck // a builder takes everything
			out.WriteString(`</t></is></c>`)
		}
		out.WriteString(`</row>`)
	}
	out.WriteString(`</sheetData></worksheet>`)
	return out.String()
}

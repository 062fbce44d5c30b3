package archive

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"
	"testing"
)

func zipped(t *testing.T, entries map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for name, content := range entries {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(b []byte) (*Archive, error) { return Open(bytes.NewReader(b), int64(len(b))) }

func TestAnOrdinaryArchiveIsRead(t *testing.T) {
	a, err := open(zipped(t, map[string]string{"word/document.xml": "<tekst/>", "a": "b"}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Read(a.Find("word/document.xml"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "<tekst/>" {
		t.Errorf("%q %v", got, err)
	}
	if a.Find("word") != nil {
		t.Error("found what is not there")
	}
}

func TestABombIsNotUnpacked(t *testing.T) {
	b := zipped(t, map[string]string{"1": strings.Repeat("0", 30<<20), "2": strings.Repeat("0", 30<<20)})
	a, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	read := int64(0)
	for _, f := range a.Files {
		r, err := a.Read(f)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r)
		if read += n; err != nil {
			if !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			break
		}
	}
	if most := ratioFree + maxRatio*int64(len(b)); read > most {
		t.Errorf("%d bytes came out of %d, at most %d should", read, len(b), most)
	}
}

func TestAnArchiveThatIsNotWhatItSaysIsRefused(t *testing.T) {
	good := zipped(t, map[string]string{"a": "b"})
	many := map[string]string{}
	for i := range MaxEntries + 1 {
		many[strings.Repeat("x", 3)+string(rune('a'+i%26))+strings.Repeat("y", i/26%50)+strings.Repeat("z", i/1300)] = ""
	}
	moved := bytes.Clone(good)
	moved[len(moved)-6] ^= 1 // where the list of entries begins
	// The first end is right and says of the rest that it is a comment; archive/zip would read the last, with a list that is
	// as long as it likes.
	twice := bytes.Clone(good)
	twice[len(twice)-2] = 23
	twice = append(append(twice, good[len(good)-22:]...), 'x')
	for name, b := range map[string][]byte{
		"two ends": twice, "nothing": nil, "text": []byte("geen archief"), "cut off": good[:len(good)-5], "cut off in front": good[7:],
		"too many entries": zipped(t, many), "a list elsewhere": moved, "something after the end": append(bytes.Clone(good), 'x'),
	} {
		if _, err := open(b); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package evaluate

import (
	"reflect"
	"strings"
	"testing"
)

func TestQueriesAreReadByTheNamesOfTheirColumns(t *testing.T) {
	got, err := ReadQueries(strings.NewReader("kind\tqid\tneed\tquery\nplain\t1\tx\tfietsen tellen\nphrase\t2\tx\t\"sociaal domein\"\n"))
	want := []Query{{ID: "1", Text: "fietsen tellen", Kind: "plain"}, {ID: "2", Text: `"sociaal domein"`, Kind: "phrase"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, wrong := range []string{"", "qid\tkind\n1\tplain\n", "qid\tquery\n1\t\n", "qid\tquery\n\tfietsen\n", "qid\tquery\n1\tfietsen\n1\tauto's\n"} {
		if got, err := ReadQueries(strings.NewReader(wrong)); err == nil {
			t.Errorf("%q reads as %+v", wrong, got)
		}
	}
}

func TestJudgmentsAreReadInTheTRECFormat(t *testing.T) {
	got, err := ReadJudgments(strings.NewReader("1 0 a 3\n1\t0\tb\t0\n\n2 0 a 1\n"))
	want := Judgments{"1": {"a": 3, "b": 0}, "2": {"a": 1}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, wrong := range []string{"1 a 3", "1 0 a veel", "qid query need kind"} {
		if got, err := ReadJudgments(strings.NewReader(wrong)); err == nil {
			t.Errorf("%q reads as %+v", wrong, got)
		}
	}
}

func TestTextsWithTheSameTitleBelongTogether(t *testing.T) {
	got, err := ReadTitles(strings.NewReader("query\trelevant_doc\nfietsen\ta\nauto's\tb\nfietsen\tc\n"))
	want := Set{[]Query{{ID: "1", Text: "fietsen", Kind: "title"}, {ID: "2", Text: "auto's", Kind: "title"}}, Judgments{"1": {"a": 1, "c": 1}, "2": {"b": 1}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := ReadTitles(strings.NewReader("query\trelevant_doc\n\ta\n")); err == nil {
		t.Error("an empty title is taken")
	}
}

func TestWhatComparesIsReadByItsDocument(t *testing.T) {
	got, err := ReadComparable(strings.NewReader("query_doc\trelevant_doc\tgroup\na\tb\tx\na\tc\tx\nb\ta\tx\n"))
	want := Set{[]Query{{ID: "a", Kind: "comparable", Document: "a"}, {ID: "b", Kind: "comparable", Document: "b"}},
		Judgments{"a": {"b": 1, "c": 1}, "b": {"a": 1}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

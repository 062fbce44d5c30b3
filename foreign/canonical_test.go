package foreign

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"
)

// numbers are those of RFC 8785, appendix B: the bits of a double and how it is written.
var numbers = []struct {
	bits uint64
	want string
}{
	{0x0000000000000000, "0"},
	{0x8000000000000000, "0"},
	{0x0000000000000001, "5e-324"},
	{0x8000000000000001, "-5e-324"},
	{0x7fefffffffffffff, "1.7976931348623157e+308"},
	{0xffefffffffffffff, "-1.7976931348623157e+308"},
	{0x4340000000000000, "9007199254740992"},
	{0xc340000000000000, "-9007199254740992"},
	{0x4430000000000000, "295147905179352830000"},
	{0x44b52d02c7e14af5, "9.999999999999997e+22"},
	{0x44b52d02c7e14af6, "1e+23"},
	{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
	{0x444b1ae4d6e2ef4e, "999999999999999700000"},
	{0x444b1ae4d6e2ef4f, "999999999999999900000"},
	{0x444b1ae4d6e2ef50, "1e+21"},
	{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
	{0x3eb0c6f7a0b5ed8d, "0.000001"},
	{0x41b3de4355555553, "333333333.3333332"},
	{0x41b3de4355555554, "333333333.33333325"},
	{0x41b3de4355555555, "333333333.3333333"},
	{0x41b3de4355555556, "333333333.3333334"},
	{0x41b3de4355555557, "333333333.33333343"},
	{0xbecbf647612f3696, "-0.0000033333333333333333"},
	{0x43143ff3c1cb0959, "1424953923781206.2"},
}

// samples are those of RFC 8785, sections 3.2.2 and 3.2.3: a text and its canonical form.
var samples = [][2]string{
	{`{
		"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
		"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
		"literals": [null, true, false]
	}`, `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`},
	{`{
		"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
		"\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
	}`, `{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`},
}

func TestJSONIsWrittenInTheFormOfTheStandard(t *testing.T) {
	var texts, want []string
	for _, n := range numbers {
		texts, want = append(texts, "["+strconv.FormatFloat(math.Float64frombits(n.bits), 'g', 17, 64)+"]"), append(want, "["+n.want+"]")
	}
	for _, s := range samples {
		texts, want = append(texts, s[0]), append(want, s[1])
	}
	for i, text := range texts {
		if got, err := jcs.Transform([]byte(text)); err != nil || string(got) != want[i] {
			t.Errorf("%s becomes %s (%v), want %s", text, got, err, want[i])
		}
	}
	var theirs [][2]string
	script(t, "canonical.mjs", texts, &theirs)
	for i, both := range theirs {
		if both != [2]string{want[i], want[i]} {
			t.Errorf("others make %q of %s", both, texts[i])
		}
	}
	// What has no canonical form gets none.
	for _, text := range []string{`["\ud800"]`, `{"\udc00":1}`, `[1e400]`, `[NaN]`, `[Infinity]`, `{"a":1,"a":2}`, `[1`, ``} {
		if got, err := jcs.Transform([]byte(text)); err == nil {
			t.Errorf("%s becomes %s", text, got)
		}
	}
}

func TestWeWriteJSONAsOthersDo(t *testing.T) {
	random := rand.New(rand.NewPCG(8785, 1)) //nolint:gosec // a test that repeats
	var texts []string
	for range 2_000 {
		b, err := json.Marshal(document(random, 4))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	var theirs [][2]string
	script(t, "canonical.mjs", texts, &theirs)
	for i, text := range texts {
		ours, err := jcs.Transform([]byte(text))
		if err != nil || theirs[i] != [2]string{string(ours), string(ours)} {
			t.Errorf("%.300s\nwe    %.300s (%v)\nthey %.600q", text, ours, err, theirs[i])
		}
	}
}

// document is any JSON value, of at most so many levels.
func document(random *rand.Rand, levels int) any {
	kind := random.IntN(7)
	if levels == 0 {
		kind = random.IntN(5)
	}
	switch kind {
	case 0:
		return []any{nil, true, false}[random.IntN(3)]
	case 1:
		return random.Int64N(1<<54) - 1<<53
	case 2, 3:
		return text(random)
	case 4:
		for {
			if f := math.Float64frombits(random.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) {
				return f
			}
		}
	case 5:
		list := make([]any, random.IntN(5))
		for i := range list {
			list[i] = document(random, levels-1)
		}
		return list
	}
	object := map[string]any{}
	for i := range random.IntN(6) {
		object[fmt.Sprint(text(random), i)] = document(random, levels-1)
	}
	return object
}

// text is a text of letters that are hard to write or to sort: control characters, quotes, and letters of two, three and
// four bytes.
func text(random *rand.Rand) string {
	var b strings.Builder
	for range random.IntN(12) {
		switch random.IntN(6) {
		case 0:
			b.WriteRune(rune(random.IntN(0x20)))
		case 1:
			b.WriteByte(`"\/<>&'`[random.IntN(7)])
		case 2:
			b.WriteRune(rune(0x7f + random.IntN(0x700)))
		case 3:
			b.WriteRune(rune(0xe000 + random.IntN(0x1f00))) // behind the surrogates, which sort otherwise by UTF-16
		case 4:
			b.WriteRune(rune(0x10000 + random.IntN(0x10000)))
		default:
			b.WriteRune(rune(' ' + random.IntN(95)))
		}
	}
	return b.String()
}

package frontend

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func page(t *testing.T, name string) string {
	t.Helper()
	html, err := files.ReadFile(name)
	if err != nil {
		t.Skipf("%s was not built; make build builds it", name)
	}
	return string(html)
}

func TestAPIGivesTheBuiltPageOrSaysHowToBuildIt(t *testing.T) {
	html, ok := API()
	if ok != Built() {
		t.Fatalf("API says built is %v, Built says %v", ok, Built())
	}
	if saysHow := strings.Contains(string(html), "make build"); saysHow == ok {
		t.Errorf("built is %v, but the page mentions make build: %v", ok, saysHow)
	}
}

func TestPagesAreDutchAndHoldUnderTheContentSecurityPolicy(t *testing.T) {
	refused := map[string]*regexp.Regexp{
		"inline script":     regexp.MustCompile(`(?i)<script[^>]*>[^<]`),
		"inline style":      regexp.MustCompile(`(?i)<style|\sstyle\s*=`),
		"an event handler":  regexp.MustCompile(`(?i)\son[a-z]+\s*=`),
		"a data: address":   regexp.MustCompile(`(?i)["'(]data:`),
		"a foreign address": regexp.MustCompile(`(?i)["'](https?:)?//`),
	}
	for _, name := range []string{"unbuilt.html", "dist/api.html"} {
		t.Run(name, func(t *testing.T) {
			html := page(t, name)
			if !strings.Contains(html, `<html lang="nl">`) {
				t.Error("the page does not say that it is in Dutch")
			}
			for what, pattern := range refused {
				if found := pattern.FindString(html); found != "" {
					t.Errorf("the page holds %s: %s", what, found)
				}
			}
		})
	}
}

func TestEveryAssetThePageRefersToIsEmbedded(t *testing.T) {
	html := page(t, "dist/api.html")
	references := regexp.MustCompile(`"/assets/([^"]+)"`).FindAllStringSubmatch(html, -1)
	if len(references) < 3 {
		t.Fatalf("the page refers to %d assets, want at least script, style and icon", len(references))
	}
	for _, reference := range references {
		if _, err := fs.Stat(Assets(), reference[1]); err != nil {
			t.Error(err)
		}
	}
}

func TestAssetsMayBeCachedForEverAndLoadNothingElse(t *testing.T) {
	page(t, "dist/api.html")
	hashed := regexp.MustCompile(`-[\w-]{8}\.(js|css|svg|woff2)$`)
	unwanted := regexp.MustCompile(`url\(["']?(data|https?):|@import`)
	assets, err := fs.ReadDir(Assets(), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, asset := range assets {
		if !hashed.MatchString(asset.Name()) {
			t.Errorf("%s holds no hash of its content", asset.Name())
		}
		if !strings.HasSuffix(asset.Name(), ".css") {
			continue
		}
		css, err := fs.ReadFile(Assets(), asset.Name())
		if err != nil {
			t.Fatal(err)
		}
		if found := unwanted.Find(css); found != nil {
			t.Errorf("%s loads %s", asset.Name(), found)
		}
	}
}

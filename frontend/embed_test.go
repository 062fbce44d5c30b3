package frontend

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func built(t *testing.T) App {
	t.Helper()
	app, ok := Application()
	if !ok {
		t.Skip("the web application was not built; make build builds it")
	}
	return app
}

func TestWithoutABuildThereIsAPageThatSaysHow(t *testing.T) {
	if !strings.Contains(string(Unbuilt()), "make build") {
		t.Error("the page does not mention make build")
	}
}

func TestThePageIsDutchAndHoldsUnderTheContentSecurityPolicy(t *testing.T) {
	refused := map[string]*regexp.Regexp{
		"inline script":     regexp.MustCompile(`(?i)<script[^>]*>[^<]`),
		"inline style":      regexp.MustCompile(`(?i)<style|\sstyle\s*=`),
		"an event handler":  regexp.MustCompile(`(?i)\son[a-z]+\s*=`),
		"a data: address":   regexp.MustCompile(`(?i)["'(]data:`),
		"a foreign address": regexp.MustCompile(`(?i)["'](https?:)?//`),
	}
	for name, html := range map[string]string{"unbuilt": string(Unbuilt()), "template": string(built(t).Template)} {
		t.Run(name, func(t *testing.T) {
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
	references := regexp.MustCompile(`"/assets/([^"]+)"`).FindAllStringSubmatch(string(built(t).Template), -1)
	if len(references) < 3 {
		t.Fatalf("the page refers to %d assets, want at least script, style and icon", len(references))
	}
	for _, reference := range references {
		if _, err := fs.Stat(Assets(), reference[1]); err != nil {
			t.Error(err)
		}
	}
}

func TestDocumentsAreKnownByTheirHash(t *testing.T) {
	documents := built(t).Documents
	if len(documents) < 10 {
		t.Fatalf("%d documents, want one for each page that asks something", len(documents))
	}
	for hash, text := range documents {
		if sum := sha256.Sum256([]byte(text)); hex.EncodeToString(sum[:]) != hash {
			t.Errorf("%s is not the hash of %.60s", hash, text)
		}
	}
}

func TestAssetsMayBeCachedForEverAndLoadNothingElse(t *testing.T) {
	built(t)
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

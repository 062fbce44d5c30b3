package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
)

// The map of the Netherlands is a viewBox of 280 by 320. Longitude and latitude become x and y by
//
//	x = (longitude − 3.13) × 64.36
//	y = (53.67 − latitude) × 105
//
// in which 64.36 is 105 × cos 52.2°: at that latitude, in the middle of the country, both directions have one scale. From
// Sluis to Bourtange and from Schiermonnikoog to Vaals it leaves at least 10 units at every side. The pages draw their
// dots over this map by the same formula (frontend/src/features/Map.tsx); change both together.
const (
	mapWidth, mapHeight = 280, 320
	mapWest, mapNorth   = 3.13, 53.67
	mapPerLongitude     = 64.36
	mapPerLatitude      = 105

	mapGrey = "#c3cad3"
)

func (p Place) onMap() (x, y float64) {
	return (p.Lon - mapWest) * mapPerLongitude, (mapNorth - p.Lat) * mapPerLatitude
}

// radius makes the area of a dot follow the population, and never too small to see.
func (p Place) radius() float64 {
	return max(0.9, 0.3*math.Sqrt(float64(p.Population)/1000))
}

const mediaSVG = "image/svg+xml"

// kaart is the map that the pages draw on: every municipality as a grey dot, the largest below.
func (s *Server) kaart(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, "map", func(context.Context) (answer, error) {
		places := slices.SortedFunc(slices.Values(s.config.Reader.Places()), func(a, b Place) int {
			return cmp.Or(cmp.Compare(b.Population, a.Population), cmp.Compare(a.Lon, b.Lon), cmp.Compare(a.Lat, b.Lat))
		})
		var b bytes.Buffer
		fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d"><g fill="%s">`, mapWidth, mapHeight, mapGrey)
		for _, p := range places {
			x, y := p.onMap()
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="%.1f"/>`, x, y, p.radius())
		}
		b.WriteString("</g></svg>\n")
		return listing(mediaSVG, listCost, b.Bytes()), nil
	})
}

//go:build race

package graph_test

// raceDetector multiplies the work of everything, so that figures about CPU say nothing.
const raceDetector = true

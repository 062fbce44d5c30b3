// Package evaluate measures how well search ranks: it makes a catalogue of a corpus through the ordinary import, asks the
// ordinary index a set of queries, and scores what comes back against judgments. SQLite's FTS5 and PostgreSQL answer the
// same queries over the same texts in the same run.
//
// Identical descriptions are one document: it has the best rank and the highest grade of its copies. Otherwise a ranking
// would be praised for showing the same text ten times, or blamed for showing the copy that nobody judged.
package evaluate

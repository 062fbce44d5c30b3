// Package federation is how nodes exchange what they publish. Each publisher in own custody is the single writer of one
// append-only log of signed members, which anybody can pull, relay and verify: Linked Data Event Streams over TREE, with
// W3C Data Integrity proofs (eddsa-jcs-2022) and a chain of hashes in which a rewind or a fork shows.
package federation

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

type trialCmd struct {
	Dir  string `help:"Folder with the data of the three nodes." default:"./trial" placeholder:"DIR"`
	Port int    `help:"Port of the first node; the others have the next two." default:"8101"`
}

func (trialCmd) Help() string {
	return "Three nodes that exchange what they publish: A and C know each other only through B. Each has a folder of its own with one organisation, invented for the trial.\nEach step is a command that you can give yourself; it is shown.\n\nExample:\n  plein trial --dir ./trial --port 8101"
}

// trialNode is one of the three.
type trialNode struct {
	name, base, data, fingerprint string
	// organization is the short name of who publishes there.
	organization string
}

// Run serves until the context ends; being stopped is no failure, also while the nodes get ready.
func (c trialCmd) Run(s *session) error {
	if err := c.run(s); s.ctx.Err() == nil {
		return err
	}
	return nil
}

// run starts three nodes on this machine and lets them get to know each other.
func (c trialCmd) run(s *session) error {
	if c.Port < 1024 || c.Port > 65533 {
		return usagef("--port must be 1024 to 65533")
	}
	ctx, stop := context.WithCancel(s.ctx)
	var running sync.WaitGroup
	defer func() { stop(); running.Wait() }()
	ended := make(chan error, 3)
	var nodes []*trialNode
	for i, name := range []string{"A", "B", "C"} {
		n := &trialNode{name: name, base: fmt.Sprintf("http://127.0.0.1:%d", c.Port+i), data: filepath.Join(c.Dir, strings.ToLower(name)), organization: "proef-" + strings.ToLower(name)}
		if err := n.prepare(ctx, s); err != nil {
			return err
		}
		log, err := os.OpenFile(n.data+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("open the log of node %s: %w", name, err)
		}
		running.Go(func() {
			defer log.Close() //nolint:errcheck // what could not be logged is lost
			ended <- n.serve(ctx, s, log)
		})
		if err := n.await(ctx, ended); err != nil {
			return err
		}
		nodes = append(nodes, n)
	}
	if err := acquaintNodes(ctx, s, nodes[0], nodes[1], nodes[2]); err != nil {
		return err
	}
	s.say("\nDrie nodes draaien, elk met een verzonnen organisatie. Stop met Ctrl-C; %s bewaart hun gegevens.", c.Dir)
	for _, n := range nodes {
		s.say("  %s  %s  (log: %s.log)", n.name, n.base, n.data)
	}
	s.say("Elk log begint met een link naar het eerste account van die node.")
	s.say("Publiceer op A, zoek op B en C; trek het in op A, en het is overal weg.\nEen token om op A te publiceren: plein token create --organization proef-a --scopes write-records --data %s --base-url %s", nodes[0].data, nodes[0].base)
	select {
	case <-s.ctx.Done():
		return nil
	case err := <-ended:
		return errors.Join(errors.New("one of the nodes stopped"), err)
	}
}

// acquaintNodes lets a and c exchange with b, each after comparing fingerprints; a and c come to each other through b.
func acquaintNodes(ctx context.Context, s *session, a, b, c *trialNode) error {
	for _, step := range []struct {
		on, peer *trialNode
		trusts   []*trialNode
	}{{b, a, []*trialNode{a}}, {b, c, []*trialNode{c}}, {a, b, []*trialNode{b, c}}, {c, b, []*trialNode{b, a}}} {
		args := []string{"peer", "add", step.peer.base}
		for _, t := range step.trusts {
			args = append(args, "--fingerprint", t.fingerprint)
		}
		if err := step.on.command(ctx, s, nil, args...); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes the node's organisation, once, and looks up the fingerprint of its key.
func (n *trialNode) prepare(ctx context.Context, s *session) error {
	if _, err := os.Stat(n.data); errors.Is(err, os.ErrNotExist) {
		err := n.command(ctx, s, nil, "organization", "create", "--kind", "other-public-body", "--slug", n.organization, "--name", "Proef "+n.name+" (verzonnen)")
		if err != nil {
			return err
		}
	}
	var key publisherKey
	err := n.command(ctx, s, &key, "key", "fingerprint", n.organization)
	n.fingerprint = key.Fingerprint
	return err
}

// where is what every command about the node is told.
func (n *trialNode) where() []string {
	return []string{"--data", n.data, "--base-url", n.base, "--allow-loopback-peers"}
}

// command gives one command on the node, and reads its result when out is not nil.
func (n *trialNode) command(ctx context.Context, s *session, out any, args ...string) error {
	s.say("plein %s", quoted(append(args, n.where()...)))
	var result, messages bytes.Buffer
	if code := Run(ctx, append(append(args, n.where()...), "--json"), strings.NewReader(""), &result, &messages); code != 0 {
		return fmt.Errorf("plein %s: %s", args[0], strings.TrimSpace(messages.String()))
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(result.Bytes(), out); err != nil {
		return fmt.Errorf("read what plein %s says: %w", args[0], err)
	}
	return nil
}

func (n *trialNode) serve(ctx context.Context, s *session, log io.Writer) error {
	args := append([]string{"serve", "--listen", strings.TrimPrefix(n.base, "http://")}, n.where()...)
	s.say("plein %s", quoted(args))
	if code := Run(ctx, args, strings.NewReader(""), log, log); code != 0 {
		return fmt.Errorf("node %s ended with %d: see %s.log", n.name, code, n.data)
	}
	return nil
}

// await waits until the node answers, a minute at the most.
func (n *trialNode) await(ctx context.Context, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.base+"/readyz", nil)
		if err != nil {
			return fmt.Errorf("ask node %s whether it is ready: %w", n.name, err)
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close() //nolint:errcheck // only the status counts
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-ended:
			return err
		case <-ctx.Done():
			return fmt.Errorf("node %s does not answer: see %s.log", n.name, n.data)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// quoted is a command as it is typed.
func quoted(args []string) string {
	words := make([]string, len(args))
	for i, a := range args {
		if words[i] = a; strings.ContainsAny(a, " ()") {
			words[i] = "'" + a + "'"
		}
	}
	return strings.Join(words, " ")
}

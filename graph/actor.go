package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// ChangeActor is who did something.
type ChangeActor struct {
	Kind  ActorKind
	Label record.Text
}

// What is told of an actor whose name is not the viewer's to know, or is gone.
var actorKinds = map[ActorKind]record.Text{
	ActorKindPerson:   {record.Dutch: "Iemand met een account", record.English: "Somebody with an account"},
	ActorKindProgram:  {record.Dutch: "Een programma", record.English: "A program"},
	ActorKindSystem:   {record.Dutch: "Plein", record.English: "Plein"},
	ActorKindStranger: {record.Dutch: "Een bezoeker", record.English: "A visitor"},
}

// named tells who did something: those whose name is known by that, and the others by what sort of actor they are. Actors
// come as the private log names them (identity.Viewer.Actor).
func named(names []string, known map[string]string) map[string]*ChangeActor {
	out := make(map[string]*ChangeActor, len(names))
	for _, n := range names {
		a := &ChangeActor{Kind: actorKind(n)}
		if a.Label = actorKinds[a.Kind]; known[n] != "" {
			a.Label = record.NL(known[n])
		}
		out[n] = a
	}
	return out
}

func actorKind(name string) ActorKind {
	switch {
	case isUser(name):
		return ActorKindPerson
	case isToken(name):
		return ActorKindProgram
	case name == identity.SystemActor:
		return ActorKindSystem
	}
	return ActorKindStranger
}

// names are those of people and of programs, by their ids, that the viewer may know. However many there are, it costs one
// statement for people and one for programs, and none for whoever may know nobody's.
func (r *Resolver) names(ctx context.Context, ids []string) (map[string]string, error) {
	v := identity.From(ctx)
	if v.UserID == "" {
		return nil, nil
	}
	ids = once(ids)
	out, err := r.Accounts.Names(ctx, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !isUser(id) }), policy.Acquainted(v))
	if err != nil {
		return nil, err
	}
	programs, err := r.Tokens.Names(ctx, slices.DeleteFunc(ids, func(id string) bool { return !isToken(id) }), policy.Programs(v))
	maps.Copy(out, programs)
	return out, err
}

package graph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validation is the rules of the specification, with three differences. They suggest nothing: to look for words that
// resemble 60 KB of nonsense costs more than everything else together. Every number has to fit: one that does not, where
// a text is expected, is a panic of the executor. And nothing is deferred: no transport here sends the rest.
func validation() *rules.Rules {
	r := rules.NewDefaultRules()
	r.ReplaceRule(rules.KnownArgumentNamesRule.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.KnownTypeNamesRule.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	r.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	r.AddRule("NumbersFit", func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnValue(func(_ *core.Walker, v *ast.Value) {
			if v.Kind != ast.IntValue && v.Kind != ast.FloatValue {
				return
			}
			if _, err := v.Value(nil); err != nil {
				addError(core.Message("The number %s is too large.", v.Raw), core.At(v.Position))
			}
		})
	})
	r.AddRule("NothingDeferred", func(observers *core.Events, addError core.AddErrFunc) {
		observers.OnDirective(func(_ *core.Walker, d *ast.Directive) {
			if d.Name == "defer" {
				addError(core.Message(`Unknown directive "@defer".`), core.At(d.Position))
			}
		})
	})
	return r
}

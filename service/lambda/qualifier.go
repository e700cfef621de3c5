package lambda

import (
	"context"
	"regexp"
	"strconv"
)

// names are the ways to name a function: its name, ACCOUNT:function:NAME and its ARN, each with a qualifier behind it or without.
var names = regexp.MustCompile(`^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9-_]{1,64})(?::(\$LATEST|[a-zA-Z0-9-_]+))?$`)

// parseName takes one of a function's names apart. A qualifier in it wins over the one beside it.
func parseName(name, qualifier string) (function, qualified string, err error) {
	parts := names.FindStringSubmatch(name)
	if parts == nil {
		return "", "", violation(name, "functionName", "Member must satisfy regular expression pattern: "+names.String())
	}
	if parts[2] != "" {
		qualifier = parts[2]
	}
	return parts[1], qualifier, nil
}

// find returns a function, or the version that the qualifier is or leads to, by one of its names. ARN is what was asked for.
func (s *Service) find(ctx context.Context, name, qualifier string) (function, error) {
	name, qualifier, err := parseName(name, qualifier)
	if err != nil {
		return function{}, err
	}
	f, ok, err := s.functions.Get(ctx, name)
	if err != nil || ok && qualifier == "" {
		return f, err
	}
	if ok {
		version, err := s.leads(ctx, name, qualifier)
		if err != nil {
			return f, err
		}
		if f, ok, err = s.at(ctx, &f, version); err != nil {
			return f, err
		}
	}
	shown := s.arn("function:" + name)
	if qualifier != "" {
		shown += ":" + qualifier
	}
	if !ok {
		return f, notFound("Function not found: %s", shown)
	}
	f.ARN = shown
	return f, nil
}

// at returns a version of a function. Concurrency and tags are those of the function.
func (s *Service) at(ctx context.Context, f *function, version string) (function, bool, error) {
	if version == latest || version == "" {
		return *f, true, nil
	}
	v, ok, err := s.versions.Get(ctx, versionID(f.Name, version))
	v.Concurrency, v.Tags = f.Concurrency, f.Tags
	return v, ok, err
}

// leads returns the version that a qualifier is, or that the alias or the template's version of that name leads to.
func (s *Service) leads(ctx context.Context, name, qualifier string) (string, error) {
	if qualifier == latest || isNumber(qualifier) {
		return qualifier, nil
	}
	a, ok, err := s.aliases.Get(ctx, name+":"+qualifier)
	if err != nil {
		return "", err
	}
	if ok {
		return a.pick(s.options.Chance()), nil
	}
	declared, _, err := s.declared.Get(ctx, name+":"+qualifier)
	if declared == "" {
		declared = qualifier
	}
	return declared, err
}

func isNumber(text string) bool {
	n, err := strconv.ParseUint(text, 10, 64)
	return err == nil && strconv.FormatUint(n, 10) == text
}

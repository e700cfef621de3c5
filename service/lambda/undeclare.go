package lambda

import (
	"context"
	"os"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Undeclare deletes what Declare made of a resource of that type and name: of aliases and
// versions the name is FUNCTION:NAME. What is not
// there is no error.
func (s *Service) Undeclare(ctx context.Context, kind, name string) error {
	switch kind {
	case "AWS::Lambda::LayerVersion":
		return s.removeLayers(ctx, name)
	case "AWS::Lambda::Alias":
		function, alias, _ := strings.Cut(name, ":")
		_, err := s.deleteAlias(ctx, &aliasNameRequest{FunctionName: function, Name: alias})
		return absent(err)
	case "AWS::Lambda::Version":
		return s.removeDeclaredVersion(ctx, name)
	}
	_, err := s.deleteFunction(ctx, &functionRequest{FunctionName: name})
	return absent(err)
}

func absent(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// removeDeclaredVersion deletes the version that was published for a resource.
func (s *Service) removeDeclaredVersion(ctx context.Context, name string) error {
	number, ok, err := s.declared.Get(ctx, name)
	if err != nil || !ok {
		return err
	}
	function, _, _ := strings.Cut(name, ":")
	if _, err := s.deleteFunction(ctx, &functionRequest{FunctionName: function, Qualifier: number}); absent(err) != nil {
		return err
	}
	return s.declared.Delete(ctx, name)
}

// removeLayers deletes the versions of a layer.
func (s *Service) removeLayers(ctx context.Context, name string) error {
	s.change.Lock()
	defer s.change.Unlock()
	all, err := s.layers.All(ctx)
	if err != nil {
		return err
	}
	for _, l := range all {
		if !strings.Contains(l.ARN, ":layer:"+name+":") {
			continue
		}
		if err := s.layers.Delete(ctx, l.ARN); err != nil {
			return err
		}
		if err := os.RemoveAll(s.place(l.Code)); err != nil {
			return fault.New(fault.Unavailable, "remove the files of the layer %s", name).Because(err)
		}
	}
	return nil
}

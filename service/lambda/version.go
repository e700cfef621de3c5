package lambda

import (
	"context"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// versionID is the id of a version's record; the records of a function are in the order of their numbers.
func versionID(name, version string) string {
	return name + ":" + strings.Repeat("0", max(0, versionDigits-len(version))) + version
}

const versionDigits = 20

// version is the function's version as AWS writes it.
func (f *function) version() string {
	if f.Version == "" {
		return latest
	}
	return f.Version
}

// key names the processes of the function's version.
func (f *function) key() string { return f.Name + ":" + f.version() }

type publishRequest struct {
	CodeSha256   string
	Description  string `aws:"max=256"`
	FunctionName string `aws:"required,min=1,max=140"`
	RevisionId   string
}

func (s *Service) publishVersion(ctx context.Context, r *publishRequest) (*configuration, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.changing(ctx, r.FunctionName, r.RevisionId)
	if err != nil {
		return nil, err
	}
	if r.CodeSha256 != "" && r.CodeSha256 != f.CodeSHA {
		return nil, invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.",
			r.CodeSha256, f.CodeSHA)
	}
	v, err := s.publish(ctx, &f, r.Description)
	return v.describe(), err
}

// publish makes a version of a function as it is now. Where nothing has changed since the last one, that is it.
func (s *Service) publish(ctx context.Context, f *function, description string) (*function, error) {
	last, ok, err := s.versions.Get(ctx, versionID(f.Name, strconv.FormatInt(f.Published, 10)))
	if err != nil {
		return f, err
	}
	if ok && f.runsLike(&last) {
		return &last, nil
	}
	v := *f
	v.Published++
	v.Version = strconv.FormatInt(v.Published, 10)
	v.ARN, v.Revision = f.ARN+":"+v.Version, newRevision()
	if description != "" {
		v.Description = description
	}
	// The number comes first: one is never given twice.
	f.Published = v.Published
	if err := s.functions.Put(ctx, f.Name, *f); err != nil {
		return f, err
	}
	return &v, s.versions.Put(ctx, versionID(f.Name, v.Version), v)
}

// versionsOf returns the versions of a function by number.
func (s *Service) versionsOf(ctx context.Context, name string) ([]function, error) {
	all, err := s.versions.All(ctx)
	return of(all, func(f *function) bool { return f.Name == name }), err
}

func of[T any](all []T, wanted func(*T) bool) []T {
	var some []T
	for i := range all {
		if wanted(&all[i]) {
			some = append(some, all[i])
		}
	}
	return some
}

type listVersionsRequest struct {
	FunctionName string `aws:"required,min=1,max=170"`
	Marker       string `aws:"query=Marker"`
	MaxItems     *int64 `aws:"query=MaxItems,min=1,max=10000"`
}

type listVersionsResponse struct {
	NextMarker string
	Versions   []*configuration
}

func (s *Service) listVersions(ctx context.Context, r *listVersionsRequest) (*listVersionsResponse, error) {
	f, err := s.find(ctx, r.FunctionName, latest)
	if err != nil {
		return nil, err
	}
	all, err := s.versionsOf(ctx, f.Name)
	if err != nil {
		return nil, err
	}
	page, next, ok := service.Page(append([]function{f}, all...), r.Marker, r.MaxItems, longestList)
	if !ok {
		return nil, invalid("Invalid Marker")
	}
	answer := &listVersionsResponse{NextMarker: next}
	for _, v := range page {
		answer.Versions = append(answer.Versions, v.describe())
	}
	return answer, nil
}

func (s *Service) deleteFunction(ctx context.Context, r *functionRequest) (*nothing, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.find(ctx, r.FunctionName, r.Qualifier)
	if err != nil {
		return nil, err
	}
	_, qualifier, err := parseName(r.FunctionName, r.Qualifier)
	if err != nil {
		return nil, err
	}
	if qualifier != "" {
		return &nothing{}, s.deleteVersion(ctx, &f, qualifier)
	}
	all, err := s.versionsOf(ctx, f.Name)
	if err != nil {
		return nil, err
	}
	if err := s.forget(ctx, f.Name); err != nil {
		return nil, err
	}
	for _, one := range append(all, f) {
		s.retire(one.key())
	}
	if err := os.RemoveAll(s.place(f.Name)); err != nil {
		return nil, fault.New(fault.Unavailable, "remove the code of %s", f.Name).Because(err)
	}
	return &nothing{}, nil
}

// forget removes the records of a function; its own goes last, so that an interrupted call can be made again.
func (s *Service) forget(ctx context.Context, name string) error {
	for _, kind := range []service.Stored[struct{}]{
		{Records: s.aliases.Records, Kind: s.aliases.Kind}, {Records: s.declared.Records, Kind: s.declared.Kind},
		{Records: s.versions.Records, Kind: s.versions.Kind},
	} {
		var ids []string
		err := kind.Records.List(ctx, kind.Kind, func(id string, _ []byte) error {
			if strings.HasPrefix(id, name+":") {
				ids = append(ids, id)
			}
			return nil
		})
		for _, id := range ids {
			if err == nil {
				err = kind.Delete(ctx, id)
			}
		}
		if err != nil {
			return err
		}
	}
	return s.functions.Delete(ctx, name)
}

func (s *Service) deleteVersion(ctx context.Context, f *function, qualifier string) error {
	if f.Version == "" {
		return invalid("$LATEST version cannot be deleted without deleting the function.")
	}
	aliases, err := s.aliasesOf(ctx, f.Name)
	if err != nil {
		return err
	}
	for _, a := range aliases {
		if a.Name == qualifier {
			return invalid("Deletion of aliases is not currently supported.")
		}
	}
	for _, a := range aliases {
		if a.Version == f.Version || a.Weights[f.Version] > 0 {
			return fault.New(fault.Conflict, "Version %s is referenced by an alias: %s", f.Version, a.Name).
				WithCode(codeConflict).Because(service.Detail{"Type": userError})
		}
	}
	if err := s.versions.Delete(ctx, versionID(f.Name, f.Version)); err != nil {
		return err
	}
	s.retire(f.key())
	return s.tidyCode(ctx, f.Name)
}

// tidyCode removes the code of a function that none of its versions has.
func (s *Service) tidyCode(ctx context.Context, name string) error {
	all, err := s.versionsOf(ctx, name)
	if err != nil {
		return err
	}
	f, _, err := s.functions.Get(ctx, name)
	if err != nil {
		return err
	}
	used := map[string]bool{f.Code: true}
	for _, v := range all {
		used[v.Code] = true
	}
	there, err := os.ReadDir(s.place(name))
	if err != nil {
		return nil // its code is not here: who calls it will hear of that
	}
	for _, entry := range there {
		if code := path.Join(name, entry.Name()); !used[code] {
			_ = os.RemoveAll(s.place(code)) // what stays is in nobody's way
		}
	}
	return nil
}

package secretsmanager

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// described is what DescribeSecret and ListSecrets tell alike.
type described struct {
	ARN              string
	CreatedDate      time.Time
	DeletedDate      time.Time
	Description      string
	KmsKeyId         string
	LastAccessedDate time.Time
	LastChangedDate  time.Time
	Name             string
	Tags             []tag
}

type describeSecretResponse struct {
	described
	VersionIdsToStages map[string][]string
}

type secretListEntry struct {
	described
	SecretVersionsToStages map[string][]string
}

func (x *secret) describe() described {
	return described{
		ARN: x.ARN, Name: x.Name, Description: x.Description, KmsKeyId: x.KmsKeyID, Tags: x.Tags,
		CreatedDate: x.Created, LastChangedDate: x.Changed, LastAccessedDate: x.Accessed, DeletedDate: x.Deleted,
	}
}

func (s *Service) describeSecret(ctx context.Context, r *secretRequest) (*describeSecretResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.find(ctx, r.SecretId)
	if err != nil {
		return nil, err
	}
	return &describeSecretResponse{x.describe(), x.stages()}, nil
}

type listSecretsRequest struct {
	Filters                []filter `aws:"max=10"`
	IncludePlannedDeletion bool
	MaxResults             *int64 `aws:"min=1,max=100"`
	NextToken              string
	SortOrder              string `enum:"asc|desc"`
}

type filter struct {
	Key    string   `aws:"required" enum:"description|name|tag-key|tag-value|all"`
	Values []string `aws:"required,min=1,max=10"`
}

type listSecretsResponse struct {
	NextToken  string
	SecretList []secretListEntry
}

const longestList = 100

// listSecrets lists secrets by name.
func (s *Service) listSecrets(ctx context.Context, r *listSecretsRequest) (*listSecretsResponse, error) {
	all, err := s.secrets.All(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	all = slices.DeleteFunc(all, func(x secret) bool {
		return x.over(now) || !x.Deleted.IsZero() && !r.IncludePlannedDeletion || !r.matches(&x)
	})
	if r.SortOrder == "desc" {
		slices.Reverse(all)
	}
	page, next, ok := service.Page(all, r.NextToken, r.MaxResults, longestList)
	if !ok {
		return nil, fault.Invalidf("Invalid NextToken %q", r.NextToken).WithCode(codeInvalidToken)
	}
	response := &listSecretsResponse{SecretList: []secretListEntry{}, NextToken: next}
	for _, x := range page {
		response.SecretList = append(response.SecretList, secretListEntry{x.describe(), x.stages()})
	}
	return response, nil
}

func (r *listSecretsRequest) matches(x *secret) bool {
	for _, f := range r.Filters {
		if !f.matches(x) {
			return false
		}
	}
	return true
}

// matches reports whether one of the values is a beginning of what the filter looks at. One that begins with ! must not be.
func (f *filter) matches(x *secret) bool {
	texts := f.texts(x)
	for _, wanted := range f.Values {
		wanted, negated := strings.CutPrefix(wanted, "!")
		begins := slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(text, wanted) })
		if begins != negated {
			return true
		}
	}
	return false
}

func (f *filter) texts(x *secret) []string {
	texts := map[string][]string{"name": {x.Name}, "description": strings.Fields(x.Description)}
	for _, t := range x.Tags {
		texts["tag-key"] = append(texts["tag-key"], t.Key)
		texts["tag-value"] = append(texts["tag-value"], t.Value)
	}
	if f.Key != "all" {
		return texts[f.Key]
	}
	return slices.Concat(texts["name"], texts["description"], texts["tag-key"], texts["tag-value"])
}

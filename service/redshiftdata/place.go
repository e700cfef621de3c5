package redshiftdata

import (
	"context"
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/service"
)

// place is where a request connects, and as whom.
type place struct {
	ClusterIdentifier string `aws:"min=1,max=63" pattern:"[a-z][a-z0-9]*(-[a-z0-9]+)*"`
	DbUser            string
	SecretArn         string
	WorkgroupName     string `aws:"min=3,max=128" pattern:"[a-z0-9-]{3,63}|arn:aws[a-z-]*:redshift-serverless:[a-z0-9-]+:\\d{12}:workgroup/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"`
}

// oneOf refuses a request that names both kinds of warehouses.
func oneOf(cluster, workgroup string) error {
	if cluster != "" && workgroup != "" {
		return invalid("Only one of ClusterIdentifier and WorkgroupName can be given")
	}
	return nil
}

// checkPlace holds a place against the rules that go beyond one member. Secrets and users are not looked up, because the
// warehouse has one owner: only their shape is checked.
func (s *Service) checkPlace(p *place) error {
	if err := oneOf(p.ClusterIdentifier, p.WorkgroupName); err != nil {
		return err
	}
	switch {
	case p.WorkgroupName != "" && p.DbUser != "":
		return invalid("DbUser cannot be given with WorkgroupName")
	case p.ClusterIdentifier != "" && !s.site.HasCluster(p.ClusterIdentifier), p.WorkgroupName != "" && !s.site.HasWorkgroup(p.WorkgroupName):
		return invalid("Redshift endpoint doesn't exist in this region.")
	case p.DbUser != "" && !databaseUser.MatchString(p.DbUser):
		return invalid("DbUser %q is not the name of a database user", p.DbUser)
	}
	return checkSecret(p.SecretArn)
}

var (
	// databaseUser is a user's own name, or that of an IAM identity.
	databaseUser = regexp.MustCompile(`^(IAM[AR]?:)?[A-Za-z_][\w+=,.@-]{0,126}$`)
	secretName   = regexp.MustCompile(`^[\w/+=.@!-]{1,512}$`)
)

// checkSecret accepts no secret, the name of one, and the ARN of one.
func checkSecret(secret string) error {
	if !strings.HasPrefix(secret, "arn:") {
		if secret != "" && !secretName.MatchString(secret) {
			return invalid("SecretArn %q is neither the name nor the ARN of a secret", secret)
		}
		return nil
	}
	if a, err := arn.Parse(secret); err != nil || a.Service != "secretsmanager" || !strings.HasPrefix(a.Resource, "secret:") {
		return invalid("SecretArn %s is not the ARN of a secret", secret)
	}
	return nil
}

// principal is the ARN of the caller.
func (s *Service) principal(ctx context.Context) string {
	name := service.CallerOf(ctx).Name
	if name == "" {
		name = "local" // a state machine, or a server without keys
	}
	return "arn:aws:iam::" + s.site.Account + ":user/" + name
}

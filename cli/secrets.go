package cli

import (
	"context"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/secretsmanager"
	"github.com/stepwell/stepwell/service/ssm"
	"github.com/stepwell/stepwell/template/plan"
	"github.com/stepwell/stepwell/value"
)

// openSecrets opens secrets and parameters, with the parameters that stepwell.yaml says.
func (l *local) openSecrets(ctx context.Context, p *project.Project, records service.Records) error {
	l.secrets = secretsmanager.New(records, project.Region, project.Account)
	l.parameters = ssm.New(records, project.Region, project.Account)
	for name, given := range p.Config.SSM {
		parameter := value.OfMembers(named("Name", name), named("Type", "String"), named("Value", given))
		if err := l.parameters.Declare(ctx, parameter); err != nil {
			return fault.New(fault.KindOf(err), "the parameter %s (%s, ssm)", name, project.ConfigName).Because(err)
		}
	}
	return nil
}

func makeSecret(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.secrets.Declare(ctx, r.Declaration.Properties)
}

// removeSecret deletes a secret for good: what is removed by hand has no recovery window.
func removeSecret(ctx context.Context, l *local, r *plan.Record) error {
	return l.secrets.Remove(ctx, r.Name)
}

func makeParameter(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.parameters.Declare(ctx, r.Declaration.Properties)
}

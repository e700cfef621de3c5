package redshift

import (
	"context"
	"time"
)

type getClusterCredentialsRequest struct {
	AutoCreate        bool
	ClusterIdentifier string   `aws:"max=2147483647"`
	CustomDomainName  string   `aws:"max=2147483647"`
	DbGroups          []string `aws:"item=DbGroup"`
	DbName            string   `aws:"max=2147483647"`
	DbUser            string   `aws:"required,max=2147483647"`
	DurationSeconds   *int64
}

type clusterCredentials struct {
	DbPassword string
	DbUser     string
	Expiration time.Time
}

func (s *Service) getClusterCredentials(ctx context.Context, r *getClusterCredentialsRequest) (*clusterCredentials, error) {
	if err := s.checkNamed(r.ClusterIdentifier, r.CustomDomainName); err != nil {
		return nil, err
	}
	if r.DbUser == "" {
		return nil, invalid("The parameter DbUser must be given.")
	}
	user := "IAM:" + r.DbUser
	if r.AutoCreate {
		user = "IAMA:" + r.DbUser
	}
	lifetime, err := seconds(r.DurationSeconds)
	if err != nil {
		return nil, err
	}
	made := s.site.Logins.Issue(ctx, user, lifetime)
	return &clusterCredentials{made.Password, user, made.Expires}, nil
}

type withIAMRequest struct {
	ClusterIdentifier string `aws:"max=2147483647"`
	CustomDomainName  string `aws:"max=2147483647"`
	DbName            string `aws:"max=2147483647"`
	DurationSeconds   *int64
}

type withIAMResponse struct {
	clusterCredentials
	NextRefreshTime time.Time
}

func (s *Service) getClusterCredentialsWithIAM(ctx context.Context, r *withIAMRequest) (*withIAMResponse, error) {
	if err := s.checkNamed(r.ClusterIdentifier, r.CustomDomainName); err != nil {
		return nil, err
	}
	lifetime, err := seconds(r.DurationSeconds)
	if err != nil {
		return nil, err
	}
	user := UserOf(ctx)
	made := s.site.Logins.Issue(ctx, user, lifetime)
	return &withIAMResponse{clusterCredentials{made.Password, user, made.Expires}, made.Expires}, nil
}

// checkNamed sees that a request names a cluster.
func (s *Service) checkNamed(identifier, domain string) error {
	switch {
	case domain != "":
		return unsupported("CustomDomainName")
	case identifier == "":
		return invalid("The parameter ClusterIdentifier must be given.")
	}
	return s.checkIdentifier(identifier)
}

// seconds is a password's lifetime: 15 minutes unless given, at most an hour.
func seconds(given *int64) (time.Duration, error) {
	switch {
	case given == nil:
		return 15 * time.Minute, nil
	case *given < 900 || *given > 3600:
		return 0, invalid("DurationSeconds must be between 900 and 3600 seconds, not %d.", *given)
	}
	return time.Duration(*given) * time.Second, nil
}

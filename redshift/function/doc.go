// Package function holds what Redshift's functions mean where a backend's own function of that name is missing or means
// something else: pure bodies in Go, and a table that documents them with examples. It installs nothing; a backend's
// driver does that.
package function

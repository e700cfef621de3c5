-- Fails where the warehouse cannot be reached.
select current_database() as database, current_user as "user", getdate() as now;

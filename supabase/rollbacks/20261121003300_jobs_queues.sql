-- The queues' settings, the limits of tenants and the job types open to members are lost.
drop table ops.job_types;
drop table ops.job_tenant_limits;
drop table ops.job_queues;

-- A small helpdesk in which everything that an engineer with access to acme's data may not see carries a mark:
-- zqforeign in the texts of other tenants, 77007700770 in their numbers; zqraw where acme's column has a mask; zqhidden
-- where a column or table is hidden. The rest says "plain".
set search_path = helpdesk;

create temporary table marks as
select t as tenant, n,
       case when t = 1 then n else 77007700770000 + 100 * t + n end as id,
       case when t = 1 then 'plain' else 'zqforeign' end as shown,
       case when t = 1 then 'zqraw' else 'zqforeign' end as masked
  from generate_series(1, 3) t, generate_series(1, 20) n;

insert into plans values ('team', 'Team', 25, 249.00);
insert into countries values ('DE', 'Germany');
insert into tenants (id, slug, name, plan_code, billing_reference, created_at)
select tenant, shown || tenant, shown, 'team', 'zqhidden', now() from marks where n = 1;
insert into schema_migrations (version) values ('zqhidden');
insert into api_tokens (tenant_id, token) select tenant, 'zqhidden' || tenant from marks where n = 1;
insert into agents (id, tenant_id, full_name, email, password_hash, skills) overriding system value
select id, tenant, masked, masked || id || '@example.com', 'zqhidden', array[shown] from marks;
insert into customers (id, tenant_id, first_name, last_name, email, phone, country_code, tags, attributes, notes)
       overriding system value
select id, tenant, masked, masked, masked || id || '@example.com', masked || '0123', 'DE', array[shown],
       jsonb_build_object(masked, masked), masked
  from marks;
insert into tickets (id, tenant_id, customer_id, agent_id, subject, labels, custom_fields) overriding system value
select id, tenant, id, id, masked, array[shown], jsonb_build_object(masked, masked) from marks;
insert into ticket_messages (id, ticket_id, from_agent, body) overriding system value
select id, id, n % 2 = 0, masked from marks;
insert into attachments (message_id, file_name, media_type, byte_count, sha256)
select id, masked, shown, n, convert_to(shown, 'UTF8') from marks;
insert into ticket_events (id, tenant_id, ticket_id, happened_at, kind, detail)
select id, tenant, id, '2026-08-01Z', shown, jsonb_build_object(masked, masked) from marks;
insert into invoices (id, tenant_id, customer_id, number, purchase_order, net, tax_rate, issued_on)
       overriding system value
select id, tenant, id, shown || id, masked || '0123', n, 0.19, '2026-08-01' from marks;
insert into invoice_lines (id, invoice_id, position, text, quantity, unit_price) overriding system value
select id, id, 1, shown, n, n from marks;
insert into articles (tenant_id, title, body) select tenant, shown, shown from marks;

drop table marks;
analyze;

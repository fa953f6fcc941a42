-- Fills the helpdesk: the same rows each time, because every choice is a hash of the row's number.
-- acme has about two thirds of everything, globex a quarter to a third, initech a little.
begin;
set local search_path = helpdesk, pg_catalog;
set local synchronous_commit = off;

create function pg_temp.pick(seed text, n bigint, choices integer) returns integer
language sql immutable parallel safe
as $$ select ((hashtextextended(seed, n) & 9223372036854775807) % choices)::integer $$;

create function pg_temp.one_of(seed text, n bigint, choices text[]) returns text
language sql immutable parallel safe
as $$ select choices[1 + (hashtextextended(seed, n) & 9223372036854775807) % array_length(choices, 1)] $$;

create function pg_temp.first_name(n bigint) returns text
language sql immutable parallel safe
as $$ select pg_temp.one_of('first', n, '{Ada,Amir,Beatriz,Chen,Dorota,Elif,Femi,Grace,Hiroshi,Ines,Jonas,Kofi,Lena,Mateo,Nadia,Olga,Pavel,Quinn,Rosa,Sven,Tomas,Uma,Viktor,Wanjiru,Yara,Zoe}') $$;

create function pg_temp.last_name(n bigint) returns text
language sql immutable parallel safe
as $$ select pg_temp.one_of('last', n, '{Abbott,Bauer,Carvalho,Dubois,Eriksen,Ferrari,Garcia,Hoffmann,Ivanova,Jones,Kowalski,Lindgren,Moreau,Nakamura,Okafor,Petrov,Quigley,Rossi,Schmidt,Tanaka,Ueda,Vargas,Weber,Xu,Yilmaz,Zhang}') $$;

insert into plans values
  ('starter', 'Starter', 5, 49.00), ('team', 'Team', 25, 249.00), ('enterprise', 'Enterprise', 500, 2900.00);
insert into countries values
  ('GB', 'United Kingdom'), ('DE', 'Germany'), ('FR', 'France'), ('ES', 'Spain'), ('SE', 'Sweden'),
  ('PL', 'Poland'), ('US', 'United States'), ('JP', 'Japan');
insert into tenants values
  (1, 'acme', 'Acme Corporation', 'enterprise', 'BILL-10021', '2021-03-01 09:00Z'),
  (2, 'globex', 'Globex Industries', 'team', 'BILL-10377', '2022-11-15 14:30Z'),
  (3, 'initech', 'Initech Ltd', 'starter', 'BILL-11950', '2025-06-20 08:15Z');
insert into schema_migrations (version, applied_at) values
  ('0001', '2021-02-01Z'), ('0002', '2022-05-09Z'), ('0003', '2025-01-17Z');
insert into api_tokens (tenant_id, token)
select id, 'hd_' || encode(sha256(convert_to('token ' || id, 'UTF8')), 'hex') from tenants;

insert into agents (tenant_id, full_name, email, password_hash, skills, active)
select t.tenant,
       pg_temp.first_name(t.n * 7 + t.tenant) || ' ' || pg_temp.last_name(t.n * 11 + t.tenant),
       'agent' || t.n || '@' || t.slug || '.example',
       'scrypt$' || encode(sha256(convert_to('agent ' || t.tenant || ' ' || t.n, 'UTF8')), 'hex'),
       string_to_array(pg_temp.one_of('skills', t.n, '{billing,"login,sso","api,webhooks",hardware}'), ','),
       pg_temp.pick('agent active', t.n, 12) > 0
  from (select 1 as tenant, 'acme' as slug, n from generate_series(1, 60) n
        union all select 2, 'globex', n from generate_series(1, 18) n
        union all select 3, 'initech', n from generate_series(1, 3) n) t;

-- 12,000 + 4,500 + 300 customers
insert into customers (tenant_id, first_name, last_name, email, phone, card_last4, birth_date, country_code,
                       status, tags, attributes, notes, created_at)
select case when n <= 12000 then 1 when n <= 16500 then 2 else 3 end,
       pg_temp.first_name(n), pg_temp.last_name(n),
       lower(pg_temp.first_name(n) || '.' || pg_temp.last_name(n)) || n || '@'
         || pg_temp.one_of('mail', n, '{example.com,example.org,example.net,mail.example}'),
       case when pg_temp.pick('phone?', n, 10) > 0
            then '+44 20 7946 ' || lpad(pg_temp.pick('phone', n, 10000)::text, 4, '0') end,
       case when pg_temp.pick('card?', n, 3) > 0 then lpad(pg_temp.pick('card', n, 10000)::text, 4, '0') end,
       date '1950-01-01' + pg_temp.pick('birth', n, 20000),
       pg_temp.one_of('country', n, '{GB,DE,FR,ES,SE,PL,US,JP}'),
       pg_temp.one_of('status', n, '{active,active,active,active,active,suspended,left}')::customer_status,
       string_to_array(pg_temp.one_of('tags', n, '{"",vip,"vip,beta",trial,"reseller,partner"}'), ','),
       jsonb_build_object('language', pg_temp.one_of('language', n, '{en,de,fr,es}'),
                          'newsletter', pg_temp.pick('news', n, 2) = 1,
                          'devices', jsonb_build_array(pg_temp.one_of('device', n, '{laptop,phone,tablet}'))),
       case when pg_temp.pick('note?', n, 4) = 0
            then pg_temp.one_of('note', n, '{"Asked us to call back on the private number.","Going through a divorce; be patient about payment.","Wants a refund, third complaint.","Prefers e-mail, hard of hearing."}') end,
       timestamptz '2022-01-01 00:00Z' + make_interval(mins => pg_temp.pick('created', n, 2400000))
  from generate_series(1, 16800) n;

-- 41,000 + 15,000 + 900 tickets, each with a customer of its own tenant
insert into tickets (tenant_id, customer_id, agent_id, subject, status, priority, labels, custom_fields,
                     opened_at, solved_at)
select k.tenant, k.customer,
       case when pg_temp.pick('assigned', k.n, 9) > 0 then k.agent end,
       pg_temp.one_of('subject', k.n, '{"Cannot log in after password reset","Invoice shows the wrong amount","Export never finishes","Webhook returns error 500","Printer offline since the update","How do I add a user?","Single sign-on loops back to the login page","Please delete my account","Two-factor code is not accepted","Data missing in the monthly report"}'),
       k.status::ticket_status,
       pg_temp.one_of('priority', k.n, '{low,normal,normal,normal,high,urgent}')::ticket_priority,
       string_to_array(pg_temp.one_of('labels', k.n, '{"",login,billing,"api,webhooks","mobile,urgent"}'), ','),
       jsonb_build_object('channel', pg_temp.one_of('channel', k.n, '{mail,web,phone,chat}'),
                          'order', 'O-' || pg_temp.pick('order', k.n, 100000)),
       k.opened,
       case when k.status in ('solved', 'closed') then k.opened + make_interval(hours => 1 + pg_temp.pick('solve', k.n, 200)) end
  from (select n,
               case when n <= 41000 then 1 when n <= 56000 then 2 else 3 end as tenant,
               case when n <= 41000 then 1 + pg_temp.pick('customer', n, 12000)
                    when n <= 56000 then 12001 + pg_temp.pick('customer', n, 4500)
                    else 16501 + pg_temp.pick('customer', n, 300) end as customer,
               case when n <= 41000 then 1 + pg_temp.pick('agent', n, 60)
                    when n <= 56000 then 61 + pg_temp.pick('agent', n, 18)
                    else 79 + pg_temp.pick('agent', n, 3) end as agent,
               pg_temp.one_of('ticket status', n, '{new,open,open,waiting,solved,closed,closed,closed}') as status,
               timestamptz '2026-01-01 00:00Z' + make_interval(mins => pg_temp.pick('opened', n, 470000)) as opened
          from generate_series(1, 56900) n) k;

-- two messages and a bit per ticket
insert into ticket_messages (ticket_id, from_agent, body, sent_at)
select t.id, m % 2 = 0,
       case when m % 2 = 1
            then pg_temp.one_of('body', t.id * 10 + m, '{"Hello, since this morning I get an error when I sign in. My number is +44 20 7946 0999.","The invoice has the wrong address, please send it to my home instead.","I tried twice and the export stops at forty percent.","My colleague can see it and I cannot. Is it my account?","Could somebody call me back today?"}')
            else pg_temp.one_of('answer', t.id * 10 + m, '{"Thank you for waiting. Could you try again in a private window?","I have corrected it and sent a new copy.","We see the failure in our records and are looking into it.","The account was locked after five attempts; it is open again."}') end,
       t.opened_at + make_interval(mins => 30 * m)
  from tickets t
 cross join generate_series(1, 3) m
 where m <= 1 + pg_temp.pick('messages', t.id, 3);

insert into attachments (id, message_id, file_name, media_type, byte_count, sha256)
select encode(substr(sha256(convert_to('attachment ' || m.id, 'UTF8')), 1, 16), 'hex')::uuid, m.id,
       pg_temp.one_of('file', m.id, '{screenshot,passport-scan,invoice,log}') || '-' || m.id || pg_temp.one_of('ending', m.id, '{.png,.pdf}'),
       pg_temp.one_of('ending', m.id, '{image/png,application/pdf}'),
       1000 + pg_temp.pick('bytes', m.id, 4000000),
       sha256(convert_to('content ' || m.id, 'UTF8'))
  from ticket_messages m
 where pg_temp.pick('attached', m.id, 12) = 0;

insert into ticket_events (tenant_id, ticket_id, happened_at, kind, detail)
select t.tenant_id, t.id, t.opened_at + make_interval(hours => 5 * (e - 1)),
       pg_temp.one_of('event', e, '{opened,assigned,answered,closed}'),
       jsonb_build_object('by', 'agent' || pg_temp.pick('by', t.id, 60), 'from', '198.51.100.' || pg_temp.pick('ip', t.id, 250))
  from tickets t
 cross join generate_series(1, 2) e;

insert into invoices (tenant_id, customer_id, number, purchase_order, net, tax_rate, issued_on, paid)
select c.tenant_id, c.id, 'INV-2026-' || lpad(c.id::text, 6, '0'),
       case when pg_temp.pick('po?', c.id, 2) = 0 then 'PO-' || pg_temp.pick('po', c.id, 1000000) end,
       10 + pg_temp.pick('net', c.id, 90000) / 100.0,
       case when c.country_code = 'US' then 0 else 0.200 end,
       date '2026-01-01' + pg_temp.pick('issued', c.id, 320),
       pg_temp.pick('paid', c.id, 6) > 0
  from customers c
 where pg_temp.pick('invoiced', c.id, 3) = 0;
insert into invoice_lines (invoice_id, position, text, quantity, unit_price)
select i.id, p, pg_temp.one_of('line', i.id * 3 + p, '{"Seats, monthly","Support hours","Storage, 100 GB","Onboarding"}'),
       1 + pg_temp.pick('quantity', i.id * 3 + p, 9), 5 + pg_temp.pick('unit', i.id * 3 + p, 9000) / 100.0
  from invoices i
 cross join generate_series(1, 2) p;

insert into articles (tenant_id, title, body, published)
select case when n <= 120 then 1 when n <= 170 then 2 else 3 end,
       pg_temp.one_of('title', n, '{"Resetting a password","Reading an invoice","Connecting single sign-on","Exporting data","Webhooks explained"}') || ' (' || n || ')',
       'Step one: open the settings. Step two: choose the item. Step three: save, and check the result in the list.',
       pg_temp.pick('published', n, 5) > 0
  from generate_series(1, 180) n;

-- indexes last: building them over finished tables is several times faster
set local maintenance_work_mem = '128MB';
set local role helpdesk_owner;
create index customers_tenant on customers (tenant_id, id);
create index customers_attributes on customers using gin (attributes);
create index tickets_tenant on tickets (tenant_id, status);
create index tickets_customer on tickets (customer_id);
create index tickets_search on tickets using gin (search);
create index ticket_messages_ticket on ticket_messages (ticket_id);
create index ticket_messages_search on ticket_messages using gin (search);
create index attachments_message on attachments (message_id);
create index ticket_events_tenant on ticket_events (tenant_id, ticket_id);
create index articles_search on articles using gin (search);
reset role;

refresh materialized view ticket_counts;
commit;
analyze helpdesk.tickets, helpdesk.customers, helpdesk.ticket_messages, helpdesk.ticket_events, helpdesk.invoices, helpdesk.invoice_lines, helpdesk.attachments, helpdesk.agents;

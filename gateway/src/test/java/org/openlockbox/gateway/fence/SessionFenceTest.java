package org.openlockbox.gateway.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openlockbox.gateway.fence.Helpdesk.answer;

import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.Tables;
import org.postgresql.PGConnection;

/// What the database itself gives and refuses to a session, without any gateway in between. The
/// session switches its read-only default off first: that default is a convenience, not the fence.
class SessionFenceTest {
  private static Helpdesk helpdesk;
  private static SessionRoles roles;
  private static Connection masked;
  private static Connection read;
  private static Connection write;
  private static Connection metadata;

  @BeforeAll
  static void open() throws SQLException {
    helpdesk = Helpdesk.fenced("session_test");
    roles = helpdesk.roles("0000000000000001");
    masked = session(Level.MASKED);
    read = session(Level.READ);
    write = session(Level.WRITE);
    metadata = session(Level.METADATA);
  }

  private static Connection session(Level level) throws SQLException {
    var connection = helpdesk.as(Helpdesk.open(roles, "acme", level, Tables.ALL));
    answer(connection, "set session characteristics as transaction read write");
    return connection;
  }

  @AfterAll
  static void close() throws SQLException {
    for (Connection connection : List.of(masked, read, write, metadata)) {
      connection.close();
    }
    roles.close();
    helpdesk.dropSessions();
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          own rows           | select count(*) from customers                                       | 12000
          own rows           | select count(*) from tickets where tenant_id <> 1                     | 0
          child              | select count(*) from ticket_messages m where not exists (select from tickets t where t.id = m.ticket_id) | 0
          grandchild         | select count(*) > 100 from attachments                                | t
          partitioned        | select count(*) from ticket_events                                    | 82000
          tenant itself      | select string_agg(slug, ',') from tenants                             | acme
          shared             | select count(*) from plans                                            | 3
          join               | select count(*) from tickets t join customers c on c.id = t.customer_id | 41000
          PG-082 read write  | begin read write; delete from customers; commit                       | refused 42501
          PG-082 set         | set transaction_read_only = off; update customers set notes = 'x'     | refused 42501
          PG-083 hidden      | select query_to_xml('select 1', true, true, '')                       | refused 42501
          PG-083 cursor      | select table_to_xml('customers', true, true, '')                      | refused 42501
          PG-085 do          | do $$ begin perform 1; end $$                                         | refused 42501
          PG-086 cte delete  | with x as (delete from customers returning id) select * from x        | refused 42501
          PG-086 cte insert  | with x as (insert into articles (title, body) values ('a', 'b') returning id) select * from x | refused 42501
          PG-086 merge       | merge into customers c using plans p on false when not matched then insert (notes) values ('x') | refused 42501
          PG-087 into        | select * into stolen from customers                                   | refused 42501
          PG-087 as          | create table lb_read.stolen as select 1                               | refused 42501
          PG-087 temp        | create temporary table stolen as select 1                             | refused 42501
          PG-088 for update  | select * from customers for update                                    | refused 42501
          PG-088 for share   | select * from customers for key share                                 | refused 42501
          PG-089 nextval     | select nextval('helpdesk.customers_id_seq')                           | refused 42501
          PG-089 setval      | select setval('helpdesk.customers_id_seq', 1)                         | refused 42501
          PG-090 lo_create   | select lo_create(0)                                                   | refused 42501
          PG-090 lo_bytea    | select lo_from_bytea(0, 'x')                                          | refused 42501
          PG-090 lo_unlink   | select lo_unlink(1)                                                   | refused 42501
          PG-091 message     | select pg_logical_emit_message(false, 'a', 'b')                       | refused 42501
          PG-092 pg_notify   | select pg_notify('a', 'b')                                            | refused 42501
          PG-093 advisory    | select pg_advisory_lock(1)                                            | refused 42501
          PG-093 try         | select pg_try_advisory_xact_lock(1)                                   | refused 42501
          PG-095 explain     | explain analyze delete from customers                                 | refused 42501
          PG-096 program     | copy customers from program 'id'                                      | refused 42501
          PG-096 to program  | copy (select 1) to program 'id'                                       | refused 42501
          PG-096 to file     | copy (select 1) to '/tmp/x'                                           | refused 42501
          PG-097 read file   | select pg_read_file('postgresql.conf')                                | refused 42501
          PG-097 ls dir      | select pg_ls_dir('.')                                                 | refused 42501
          PG-097 lo_import   | select lo_import('/etc/passwd')                                       | refused 42501
          PG-098 extension   | create extension pgcrypto                                             | refused 42501
          PG-099 definer     | select * from helpdesk.find_customer('a')                             | refused 42501
          PG-100 pg_temp     | create function pg_temp.f() returns int language sql as 'select 1'    | refused 42501
          PG-102 set role    | set role helpdesk_owner                                               | refused 42501
          PG-102 set role    | set role lb_view                                                      | refused 42501
          PG-102 set role    | set role lb_definer                                                   | refused 42501
          PG-102 set role    | set role postgres                                                     | refused 42501
          PG-102 local       | set local role lockbox_gateway                                        | refused 42501
          PG-102 unicode     | SET ROLE U&"\\0070ostgres"                                            | refused 42501
          PG-102 session     | set session authorization helpdesk_app                                | refused 42501
          PG-103 grant       | grant lb_level_write to current_user                                  | refused 42501
          PG-103 create role | create role evil superuser                                            | refused 42501
          PG-103 alter role  | alter role current_user superuser                                     | refused 42501
          PG-103 alter role  | alter role current_user connection limit 50                           | refused 42501
          PG-103 reassign    | reassign owned by helpdesk_owner to current_user                      | refused 42501
          PG-103 comment     | comment on view customers is 'x'                                      | refused 42501
          PG-104 rule        | create rule r as on select to customers do instead select 1           | refused 42501
          PG-104 publication | create publication p                                                  | refused 42501
          PG-104 cast        | create cast (text as int) with inout                                  | refused 42501
          PG-105 refresh     | refresh materialized view helpdesk.ticket_counts                      | refused 42501
          PG-105 checkpoint  | checkpoint                                                            | refused 42501
          PG-107 snapshot    | select pg_export_snapshot()                                           | refused 42501
          PG-111 replication | set session_replication_role = replica                                | refused 42501
          PG-112 truncate    | truncate customers                                                    | refused 42809
          PG-113 insert      | insert into customers (first_name) values ('x')                       | refused 42501
          PG-114 copy in     | copy customers (first_name) from stdin                                | refused 42501
          PG-117 cancel      | select pg_cancel_backend(pid) from pg_stat_activity where usename = 'postgres' and pid <> pg_backend_pid() union all select pg_terminate_backend(pid) from pg_stat_activity where usename = 'lockbox_gateway' | refused 42501
          base table         | select * from helpdesk.customers                                      | refused 42501
          base column        | select id from helpdesk.tickets                                       | refused 42501
          unlisted table     | select * from helpdesk.api_tokens                                     | refused 42501
          unlisted table     | select * from api_tokens                                              | refused 42P01
          hidden column      | select password_hash from agents                                      | refused 42703
          other level        | select * from lb_write.customers                                      | refused 42501
          binding            | select * from lb.binding                                              | refused 42501
          binding            | update lb.binding set tenant = '2'                                    | refused 42501
          open_session       | select lb.open_session('a', 'b', '2', 'read', now(), 's')             | refused 42501
          close_session      | select lb.close_session(session_user::text)                           | refused 42501
          PG-121 partition   | select * from helpdesk.ticket_events_2026_q1                          | refused 42501
          PG-122 owner view  | select * from helpdesk.open_tickets                                   | refused 42501
          PG-123 matview     | select * from helpdesk.ticket_counts                                  | refused 42501
          PG-127 setting     | set app.tenant = '2'; select count(*) from customers where tenant_id = 2 | 0 rows
          PG-133 sequence    | select last_value from helpdesk.customers_id_seq                      | refused 42501
          PG-148 statistics  | select count(*) from pg_stats where schemaname = 'helpdesk'           | refused 42501
          PG-148 statistic   | select * from pg_statistic                                            | refused 42501
          passwords          | select * from pg_authid                                               | refused 42501
          other level view   | select * from lb_masked.customers                                     | refused 42501
          """)
  void atTheReadLevel(String attack, String sql, String expected) {
    assertThat(answer(read, sql)).isEqualTo(expected);
    answer(read, "rollback");
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          masked             | select distinct email ~ '^[a-z][*]{3}@[*]{3}$' from customers         | t
          masked             | select distinct last_name from customers                              | [redacted]
          masked             | select distinct birth_date from customers                             | null
          masked             | select count(*) from customers where phone !~ '^[*]{3}[0-9]{4}$'      | 0
          masked             | select distinct card_last4 from customers where card_last4 is not null | ****
          masked             | select count(*) from customers where attributes is not null           | 0
          pseudonym          | select count(distinct first_name) between 2 and 26 from customers     | t
          shape              | select distinct first_name ~ '^[0-9a-f]{16}$' from customers          | t
          PG-141 cast        | select email::int from customers                                      | refused 22P02
          PG-142 where       | select count(*) from customers where email like '%example%'           | 0
          PG-142 regex       | select count(*) from customers where last_name ~ 'Abbott'             | 0
          PG-143 row         | select count(*) from customers c where row_to_json(c)::text ~ 'example' | 0
          PG-143 whole row   | select count(*) from customers c where c::text ~ '@example'           | 0
          PG-144 order       | select min(last_name) from customers                                  | [redacted]
          PG-145 join        | select count(*) from customers c join (values ('Abbott')) v (n) on v.n = c.last_name | 0
          PG-146 search      | select count(*) from tickets where search @@ to_tsquery('password')   | 0
          PG-146 tsvector    | select count(*) from ticket_messages where to_tsvector(body) @@ to_tsquery('invoice') | 0
          PG-147 explain     | select count(*) from customers where full_name = 'x'                  | 0
          PG-149 jsonb       | select count(*) from tickets where custom_fields ? 'order'            | 0
          PG-153 write       | update customers set status = 'left'                                  | refused 42501
          PG-148 statistics  | select count(*) from pg_stats where tablename = 'customers' and most_common_vals is not null | refused 42501
          other level        | select * from lb_read.customers                                       | refused 42501
          base table         | select email from helpdesk.customers                                  | refused 42501
          pseudonym function | select lb.pseudonym('Ada')                                            | refused 42501
          """)
  void atTheMaskedLevel(String attack, String sql, String expected) {
    assertThat(answer(masked, sql)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          own row            | update tickets set priority = 'low' where id = 1                      | 1 rows
          other tenant       | update tickets set priority = 'low' where id = 41001                  | 0 rows
          other tenant       | delete from tickets where id = 41001                                  | 0 rows
          insert             | insert into articles (title, body) values ('a', 'b') returning tenant_id | 1
          child              | insert into ticket_messages (ticket_id, from_agent, body) values (1, true, 'x') returning ticket_id | 1
          PG-113 child       | insert into ticket_messages (ticket_id, from_agent, body) values (41001, true, 'x') | refused 44000
          PG-113 tenant      | insert into articles (tenant_id, title, body) values (2, 'a', 'b')    | refused 42501
          PG-113 move        | update articles set tenant_id = 2 where id = 1                        | refused 42501
          PG-113 move child  | update ticket_messages set ticket_id = 41001 where ticket_id = 1      | refused 42501
          PG-113 conflict    | insert into articles (id, title, body) values (121, 'a', 'b') on conflict (id) do update set title = 'x' | refused 428C9
          PG-113 merge       | merge into tickets t using (values (41001)) v (id) on t.id = v.id when matched then delete | 0 rows
          PG-115 generated   | update invoices set gross = 0                                         | refused 428C9
          PG-115 identity    | update customers set id = 1 where id = 2                              | refused 428C9
          PG-112 truncate    | truncate lb_write.tickets                                             | refused 42809
          shared             | update plans set name = 'x'                                           | refused 42501
          partition          | update ticket_events set kind = kind where tenant_id = 2              | 0 rows
          PG-132 reference   | insert into invoices (customer_id, number, net, tax_rate, issued_on) values (12001, 'X', 1, 0, '2026-01-01') | refused 44000
          PG-132 reference   | update tickets set customer_id = 12001 where id = 1                   | refused 44000
          base table         | insert into helpdesk.articles (tenant_id, title, body) values (1, 'a', 'b') | refused 42501
          """)
  void atTheWriteLevel(String attack, String sql, String expected) throws SQLException {
    write.setAutoCommit(false);
    try {
      assertThat(answer(write, sql)).isEqualTo(expected);
    } finally {
      write.rollback();
      write.setAutoCommit(true);
    }
  }

  @Test
  void theMetadataLevelShowsShapesAndOwnCountsButNoRow() {
    assertThat(answer(metadata, "select own_rows from row_counts where table_name = 'customers'"))
        .isEqualTo("12000");
    assertThat(answer(metadata, "select rows_belong_to from tables where table_name = 'plans'"))
        .isEqualTo("everybody");
    assertThat(
            answer(
                metadata,
                "select data_type || ' ' || mask from columns where table_name = 'customers' and column_name = 'email'"))
        .isEqualTo("text email");
    assertThat(answer(metadata, "select count(*) from columns where column_name = 'password_hash'"))
        .isEqualTo("0");
    assertThat(answer(metadata, "select * from lb_masked.customers")).isEqualTo("refused 42501");
    assertThat(answer(metadata, "select * from customers")).isEqualTo("refused 42P01");
  }

  @Test
  void copyingOutGivesOnlyMasksAndOnlyOwnRows() throws Exception {
    var out = new StringWriter();
    long rows =
        masked
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy (select * from customers) to stdout", out);
    assertThat(rows).isEqualTo(12_000);
    assertThat(out.toString()).contains("***@***").doesNotContain("@example", "@mail.example");
  }

  @Test
  void aLeakyFunctionIsNotPushedBelowTheBarrier() {
    assertThat(answer(read, "select count(*) from customers where 1 / (tenant_id - 2) < 0"))
        .isEqualTo("12000");
  }

  @Test
  void anOpenSessionOfAnotherTenantSeesItsOwnRowsWithTheSameSql() throws SQLException {
    try (var globex = helpdesk.as(Helpdesk.open(roles, "globex", Level.READ, Tables.ALL))) {
      assertThat(answer(globex, "select count(*) from customers")).isEqualTo("4500");
      assertThat(answer(globex, "select min(tenant_id) || ' ' || max(tenant_id) from tickets"))
          .isEqualTo("2 2");
    }
  }

  @Test
  void aGrantForSomeTablesReachesOnlyThose() throws SQLException {
    var some = Tables.of(List.of("tickets", "helpdesk.ticket_messages"));
    try (var session = helpdesk.as(Helpdesk.open(roles, "initech", Level.READ, some))) {
      assertThat(answer(session, "select count(*) from tickets")).isEqualTo("900");
      assertThat(answer(session, "select count(*) > 0 from ticket_messages")).isEqualTo("t");
      assertThat(answer(session, "select count(*) from customers")).isEqualTo("refused 42501");
      assertThat(answer(session, "select count(*) from plans")).isEqualTo("refused 42501");
      assertThat(
              answer(
                  session,
                  "select own_rows from lb_metadata.row_counts where table_name = 'customers'"))
          .isEqualTo("null");
    }
  }

  @Test
  void pseudonymsDifferBetweenSessions() throws SQLException {
    try (var other = helpdesk.as(Helpdesk.open(roles, "acme", Level.MASKED, Tables.ALL))) {
      String sql = "select first_name from customers where id = 1";
      assertThat(answer(other, sql)).hasSize(16).isNotEqualTo(answer(masked, sql));
    }
  }
}

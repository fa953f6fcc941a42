package org.openlockbox.server.notify.contact;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Whom each tenant wants to be told, and how.
public final class Contacts {
  private final JdbcClient jdbc;

  public Contacts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The contacts of a tenant that is being founded, inside the caller's transaction.
  public void begin(TenantId tenant, List<Contact> contacts) {
    var first = new Notifications(1, true, contacts);
    jdbc.sql("insert into notifications (tenant_id, version, links) values (?, ?, ?)")
        .params(tenant.value(), first.version(), first.links())
        .update();
    first.contacts().forEach(contact -> add(tenant, contact));
  }

  public Notifications of(TenantId tenant) {
    return jdbc.sql("select version, links from notifications where tenant_id = ?")
        .params(tenant.value())
        .query(
            (row, n) ->
                new Notifications(row.getLong("version"), row.getBoolean("links"), all(tenant)))
        .optional()
        .orElseThrow(Problem::notFound);
  }

  private List<Contact> all(TenantId tenant) {
    return jdbc.sql(
            """
            select address, audience, topics, zone, quiet_from, quiet_until
              from contact where tenant_id = ? order by address
            """)
        .params(tenant.value())
        .query((row, n) -> contact(row))
        .list();
  }

  private static Contact contact(ResultSet row) throws SQLException {
    var from = Optional.ofNullable(row.getObject("quiet_from", LocalTime.class));
    var until = Optional.ofNullable(row.getObject("quiet_until", LocalTime.class));
    return new Contact(
        row.getString("address"),
        Audience.parse(row.getString("audience")),
        Contact.topics(List.of((String[]) row.getArray("topics").getArray())),
        Contact.zone(row.getString("zone")),
        from.flatMap(begin -> until.map(end -> new QuietHours(begin, end))));
  }

  /// Changes them if nobody has since `before` was read, inside the caller's transaction.
  public Notifications change(TenantId tenant, Notifications before, Notifications wanted) {
    int changed =
        jdbc.sql(
                """
                update notifications set version = version + 1, links = ?
                 where tenant_id = ? and version = ?
                """)
            .params(wanted.links(), tenant.value(), before.version())
            .update();
    if (changed != 1) {
      throw Problem.stale();
    }
    jdbc.sql("delete from contact where tenant_id = ?").params(tenant.value()).update();
    wanted.contacts().forEach(contact -> add(tenant, contact));
    return of(tenant);
  }

  private void add(TenantId tenant, Contact contact) {
    jdbc.sql(
            """
            insert into contact (tenant_id, address, audience, topics, zone, quiet_from, quiet_until)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        .param(tenant.value())
        .param(contact.address())
        .param(contact.audience().word())
        .param(contact.words().toArray(String[]::new))
        .param(Contact.zoneName(contact.zone()))
        .param(contact.quiet().map(QuietHours::from).orElse(null))
        .param(contact.quiet().map(QuietHours::until).orElse(null))
        .update();
  }
}

package org.openlockbox.postgres.attack;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.gateway.session.LiveSessions;
import org.openlockbox.postgres.GatewayFixture;
import org.openlockbox.postgres.testing.Answers;
import org.openlockbox.postgres.testing.HelpdeskDatabase;
import org.openlockbox.postgres.testing.TamperedLine;

/// Where an engineer of the provider logs in to reach the helpdesk's data of `acme`.
interface Target extends AutoCloseable {
  HelpdeskDatabase HELPDESK = HelpdeskDatabase.in(GatewayFixture.DATABASE);

  /// A session at this level, in which each text is sent as one simple query.
  Connection connect(Level level) throws SQLException;

  @Override
  void close() throws IOException;

  static String invoiceOfAnotherTenant() throws SQLException {
    try (var database = HELPDESK.superuser("helpdesk")) {
      return Answers.last(
          database,
          "select i.id from helpdesk.invoices i join helpdesk.invoice_lines l on l.invoice_id = i.id"
              + " where i.tenant_id <> 1 and l.position = 1 limit 1");
    }
  }

  /// The gateway before the fenced database, with approvals that limit nothing but the level.
  record Gateway(GatewayFixture fixture) implements Target {
    Gateway() {
      this(
          new GatewayFixture(
              LiveSessions.SessionLimits.STANDARD, InstantSource.system(), HELPDESK.catalogue()));
    }

    @Override
    public Connection connect(Level level) throws SQLException {
      var access = fixture.approved(level, Duration.ofMinutes(30), Limits.WIDEST);
      return fixture.connect(access, "&preferQueryMode=simple");
    }

    @Override
    public void close() {
      fixture.close();
    }
  }

  /// What many have instead: a relay that passes all bytes, before a database without a fence, and
  /// a login that support people share.
  record PlainRelay(TamperedLine line) implements Target {
    static PlainRelay open() throws IOException {
      return new PlainRelay(new TamperedLine(HELPDESK.port()));
    }

    @Override
    public Connection connect(Level level) throws SQLException {
      String user = level == Level.WRITE ? "support_write" : "support_read";
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:%d/control?sslmode=require&preferQueryMode=simple"
              .formatted(line.port()),
          user,
          HelpdeskDatabase.PASSWORD);
    }

    @Override
    public void close() throws IOException {
      line.close();
    }
  }
}

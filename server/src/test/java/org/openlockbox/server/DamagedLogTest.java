package org.openlockbox.server;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Json;

/// A log of which no checkpoint can be shown: those that were to be signed with it are.
final class DamagedLogTest {
  private static final TestServer SERVER = new TestServer();
  private static final TestTenant DAMAGED = new TestTenant(SERVER, "damaged", 1);
  private static final TestTenant ACME = new TestTenant(SERVER, "acme", 1);

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static Json statement(TestGateway gateway, TestTenant tenant, SessionId session) {
    var text = TestGateway.sql("select 1");
    return gateway.entry(tenant, TestGateway.statement(session, 0, text), text);
  }

  /// One call for both: they begin to wait in the same moment.
  @Test
  void aDamagedLogKeepsNoOtherOfItsRoundUnsigned() {
    var gateway = TestGateway.leased(SERVER);
    var here = gateway.open(DAMAGED, DAMAGED.approved());
    var there = gateway.open(ACME, ACME.approved());
    SERVER.execute(
        """
        create function damaged() returns trigger language plpgsql as $$
        begin
          if new.tenant_id = 'damaged' then raise exception 'damaged'; end if;
          return new;
        end $$;
        create trigger damaged before insert or update on log_checkpoint
           for each row execute function damaged()
        """);
    var both = gateway.append(statement(gateway, DAMAGED, here), statement(gateway, ACME, there));
    var indices = TestGateway.indices(both);
    ACME.checkpoint(indices.getLast() + 1);

    SERVER.execute("drop trigger damaged on log_checkpoint; drop function damaged()");
    DAMAGED.checkpoint(indices.getFirst() + 1);
  }
}

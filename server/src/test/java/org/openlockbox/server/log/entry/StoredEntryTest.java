package org.openlockbox.server.log.entry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.log.EntryType;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;

class StoredEntryTest {
  @Test
  void theEndOfAnEntryTellsItsType() {
    var acme = new TenantFixture("acme", 1, new SettableClock());
    acme.approve(acme.ask(1), "ann");
    for (long n = 0; n < acme.log().size(); n++) {
      var entry = new StoredEntry(n, acme.log().entry(n));
      for (var type : EntryType.values()) {
        assertThat(entry.mayBe(type))
            .as("%s as %s", entry, type)
            .isEqualTo(type == entry.read().type());
      }
    }
  }

  /// Its reader then hears what is wrong with it.
  @Test
  void whatEndsAsNoEntryOfThisVersionMayBeAnything() {
    for (var bytes :
        new String[] {
          "", "}", "{\"type\":\"request\",\"v\":2}", "{\"type\":\"request\",\"v\":1} "
        }) {
      assertThat(new StoredEntry(7, Bytes.ofUtf8(bytes)).mayBe(EntryType.OPERATION))
          .as(bytes)
          .isTrue();
    }
  }
}

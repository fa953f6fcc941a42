package org.openlockbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A server without an extension serves its API, and no page.
final class ApiAloneTest {
  @Test
  void theApiAnswersAndThereIsNoPage() {
    try (var server = new TestServer()) {
      assertThat(server.get("nobody", "/healthz").status()).isEqualTo(200);
      assertThat(server.get("operator", "/v1/tenants").status()).isEqualTo(200);
      for (var page : new String[] {"/", "/signin", "/inbox", "/assets/lockbox.css"}) {
        assertThat(server.get("nobody", page).status()).as(page).isEqualTo(401);
        assertThat(server.get("operator", page).status()).as(page).isEqualTo(404);
      }
    }
  }
}

package org.openlockbox.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openlockbox.server.Endpoint;

final class OpenApiTest {
  @Test
  void theDocumentDescribesExactlyWhatIsServed() {
    assertThat(Endpoint.ofApi()).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    assertThat(Endpoint.described()).isEqualTo(Endpoint.ofApi());
  }
}

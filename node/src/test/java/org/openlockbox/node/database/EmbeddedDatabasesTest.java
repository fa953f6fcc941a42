package org.openlockbox.node.database;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.openlockbox.node.process.NodeFailure;

class EmbeddedDatabasesTest {
  @Test
  void aNodeWithoutTheDemoSaysWhatToDoAboutAnEmbeddedDatabase() {
    assertThatExceptionOfType(NodeFailure.class)
        .isThrownBy(EmbeddedDatabases::provided)
        .matches(failure -> failure.code() == NodeFailure.Code.TOOL_MISSING)
        .withMessageContaining("server.database.url");
  }
}

package org.openlockbox.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openlockbox.e2e.harness.Answer;
import org.openlockbox.e2e.harness.Demo;
import org.openlockbox.e2e.harness.SharedDemo;

/// What the documentation tells people to type does what it says, and its links lead somewhere.
@ExtendWith(SharedDemo.class)
class DocsTest {
  /// Commands of the README that end with another code than 0, by what stands in their line.
  private static final String REFUSED = "-c 'select 1'";

  @Test
  void everyLinkToAFileOfTheCloneLeadsToOne() {
    List<String> broken = new ArrayList<>();
    for (Page page : Page.all()) {
      for (var target : page.linked()) {
        if (!Files.exists(target)) {
          broken.add(page.file().getFileName() + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void theStoryOfTheReadmeIsTypedBlockByBlock(Demo demo) {
    List<String> blocks = Page.of("README.md").blocks();
    assertThat(blocks.getFirst()).contains("./lockbox demo");

    String request = "";
    for (String block : blocks.subList(1, blocks.size())) {
      String typed = block.replace("./lockbox", "lockbox").replace("R-…", request);
      Answer answer = demo.terminal("engineer").types(typed);
      if (block.contains("request create")) {
        request = answer.json().text("id");
      } else {
        answer.ends(block.contains(REFUSED) ? 5 : 0);
      }
    }
  }
}

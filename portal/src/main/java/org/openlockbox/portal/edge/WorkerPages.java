package org.openlockbox.portal.edge;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// Serves the script that a browser runs when a push message comes. It is the same for everybody
/// and holds the words of the notification in every language. It is no asset: its address never
/// changes, because a browser looks there for a newer one.
@Controller
public final class WorkerPages {
  private final Bytes script;

  public WorkerPages(Assets assets) {
    var words = Json.object();
    for (Locale language : Messages.LANGUAGES) {
      var messages = Messages.in(language);
      words.put(
          language.toLanguageTag(),
          Json.object()
              .put("title", messages.say("push.message.title"))
              .put("body", messages.say("push.message.body"))
              .build());
    }
    script =
        Bytes.ofUtf8(
            Assets.text("/portal/js/worker.js")
                .replace("__WORDS__", CanonicalJson.text(words.build()))
                .replace("__ICON__", assets.path("icon-192.png")));
  }

  @GetMapping("/worker.js")
  ResponseEntity<byte[]> worker() {
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.CONTENT_TYPE, "text/javascript;charset=" + StandardCharsets.UTF_8);
    headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
    return new ResponseEntity<>(script.toArray(), headers, 200);
  }
}

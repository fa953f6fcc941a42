package org.openlockbox.portal.signing;

import static org.assertj.core.api.Assertions.assertThat;

import io.nayuki.qrcodegen.QrCode;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.portal.PortalFixture;
import org.openlockbox.portal.TestBrowser;

/// The QR code that leads from a desktop to a phone.
final class PortalPhoneTest {
  private static final PortalFixture PORTAL = new PortalFixture();
  private static final TestBrowser ANN = PORTAL.browser().as("ann@acme.example");

  @AfterAll
  static void close() {
    PORTAL.close();
  }

  @Test
  void theCodeIsTheAddressOfThePageAndNothingElse() {
    var path = PortalFixture.page(PORTAL.acme.ask("helpdesk"));
    var page = ANN.get(path);
    assertThat(page.text()).contains("src=\"/phone.svg?path=" + path + "\"");
    var picture = ANN.get("/phone.svg?path=" + path);
    assertThat(picture.header("Content-Type")).startsWith("image/svg+xml");
    var expected = QrCode.encodeText(TestBrowser.PORTAL + path, QrCode.Ecc.MEDIUM);
    var drawn = Pattern.compile("M(\\d+) (\\d+)h1v1").matcher(picture.text()).results().toList();
    assertThat(drawn).hasSizeGreaterThan(100);
    for (var square : drawn) {
      int x = Integer.parseInt(square.group(1)) - 4;
      int y = Integer.parseInt(square.group(2)) - 4;
      assertThat(expected.getModule(x, y)).isTrue();
    }
    int dark = 0;
    for (int at = 0; at < expected.size * expected.size; at++) {
      dark += expected.getModule(at % expected.size, at / expected.size) ? 1 : 0;
    }
    assertThat(drawn).hasSize(dark);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//evil.example",
        "/requests/R-1?x=y",
        "/requests/../sign-out",
        "/audit",
        "/k"
      })
  void noOtherAddressIsDrawn(String path) {
    assertThat(ANN.get("/phone.svg?path=" + path).status()).isEqualTo(404);
  }

  @Test
  void whoIsNotSignedInGetsNone() {
    assertThat(PORTAL.browser().get("/phone.svg?path=/keys").status()).isEqualTo(303);
  }
}

/// The portal in a real browser, with an authenticator that needs no person.
@NullMarked
package org.openlockbox.e2e.portal;

import org.jspecify.annotations.NullMarked;

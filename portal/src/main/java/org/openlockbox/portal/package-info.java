/// The portal: pages for people, rendered on the server. Each works as a plain GET or POST with a
/// redirect; script only makes passkeys sign and times count down.
@NullMarked
package org.openlockbox.portal;

import org.jspecify.annotations.NullMarked;

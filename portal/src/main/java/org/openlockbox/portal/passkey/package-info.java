/// What a page needs to ask a browser for a signature of a passkey.
@NullMarked
package org.openlockbox.portal.passkey;

import org.jspecify.annotations.NullMarked;

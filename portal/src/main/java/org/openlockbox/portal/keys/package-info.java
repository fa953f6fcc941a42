/// The pages of a tenant's keyring: its keys, what waits for signatures, and the signing of it.
@NullMarked
package org.openlockbox.portal.keys;

import org.jspecify.annotations.NullMarked;

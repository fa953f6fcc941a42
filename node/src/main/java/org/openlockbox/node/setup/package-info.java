/// `lockbox init`: makes what one host needs, from keys to the first profile.
@NullMarked
package org.openlockbox.node.setup;

import org.jspecify.annotations.NullMarked;

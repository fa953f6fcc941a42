/// The pages on which an engineer asks for access.
@NullMarked
package org.openlockbox.portal.ask;

import org.jspecify.annotations.NullMarked;

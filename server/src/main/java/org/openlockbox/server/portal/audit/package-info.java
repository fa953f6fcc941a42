/// The pages on which access is watched and looked up.
@NullMarked
package org.openlockbox.server.portal.audit;

import org.jspecify.annotations.NullMarked;

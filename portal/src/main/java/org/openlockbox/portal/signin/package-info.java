/// The pages of signing in and of invitations.
@NullMarked
package org.openlockbox.portal.signin;

import org.jspecify.annotations.NullMarked;

"""The participation office: accreditation, units, places."""

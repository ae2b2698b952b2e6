"""Health kits (健康包): who was handed what."""

"""Contacts and their legs, queue visits and talk segments."""

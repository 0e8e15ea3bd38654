//! What the pages of a case follow. Pure: days and facts are arguments.

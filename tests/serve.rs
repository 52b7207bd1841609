//! The explorer's server, asked over the network as browsers and others would: runs to the end with
//! the figures of the command line, several users at once, and requests that are wrong in every way.

mod serve {
    pub mod asked;
    pub mod malformed;
    pub mod users;
}

//! What is explained to a party, in words of our own: guidance-pack-2020.md 154-181 and 680-905.
//! The order is the source's; a partnership loads its own words later.

use kernel::label::{Audience, Shows};

/// A passage under its heading.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// The heading.
    pub heading: &'static str,
    /// The text.
    pub text: &'static str,
}

/// The words are the same for everybody and hold nothing of a case.
impl<A: Audience> Shows<A> for Passage {}

/// How the service may be explained (R011): guidance-pack-2020.md 156-161, 181.
pub const SERVICE: &[Passage] = &[
    Passage {
        heading: "Who it is for",
        text: "People who have difficulties in their relationships, and want to work on them and on their lives.",
    },
    Passage {
        heading: "What is offered",
        text: "Support, time and a safe place to think about where one stands, what one wants, and what can be done.",
    },
    Passage {
        heading: "Parents",
        text: "Advice and support about being a parent and about safety.",
    },
    Passage {
        heading: "Other services",
        text: "Help to reach them: parenting, housing, benefits and more.",
    },
];

/// What is said besides to the adult who was harmed: guidance-pack-2020.md 181.
pub const FOCUS: &[Passage] = &[
    Passage {
        heading: "What the work is about",
        text: "It works on the harmful behaviour of the other person, who alone answers for it, and stands beside the adult who was harmed.",
    },
    Passage {
        heading: "What is on offer",
        text: "A worker for this adult and the children, at least once a week, for as long as the work lasts. Yes or no, this support goes on.",
    },
];

/// Why information is shared (R013): guidance-pack-2020.md 167-179.
pub const SHARING: &[Passage] = &[
    Passage {
        heading: "Working together",
        text: "The worker goes on to support partner and children, and speaks with other professionals to keep everybody safe.",
    },
    Passage {
        heading: "Without agreement",
        text: "Every case is different. As a rule no agreement is needed where somebody is at high risk or a child may be seriously harmed.",
    },
];

/// Appendix B, for the client: guidance-pack-2020.md 680-731.
pub const CLIENT: &[Passage] = &[
    Passage {
        heading: "Our aim",
        text: "To support you in the choices you make, to tell you which there are, to give you a safe place for what is personal, and to respect what you decide.",
    },
    Passage {
        heading: "What is confidential",
        text: "What you tell us stays confidential, unless you agree that it is shared; or you, or adults or children connected with you, are likely to be harmed or to harm; or an act of terrorism is likely.",
    },
    Passage {
        heading: "When we share",
        text: "We tell you when information is shared, unless that would put somebody at risk. We share only what makes people safer. Without your agreement we speak with a manager first, or the decision is looked at again within 48 hours. What was shared, why and with whom is written down.",
    },
    Passage {
        heading: "Your file",
        text: "You have the right to see your file, without what is about other people. Ask us how.",
    },
    Passage {
        heading: "What we use it for",
        text: "To keep you, others and children safe, and to make the service better. Only people of the service who must know see it. For any other use, such as an example of our work, your worker asks you each time unless the risk is high, and you can say yes or no.",
    },
    Passage {
        heading: "Improving the service",
        text: "We may share information without names with agencies and researchers. Nobody can be recognised in it. You can say no, and nothing changes in the service you get.",
    },
];

/// Appendix C, for the adult who was harmed: guidance-pack-2020.md 772-905.
pub const SURVIVOR: &[Passage] = &[
    Passage {
        heading: "Our aim",
        text: "To support you in the choices you make, to tell you which there are, to give you a safe place for what is personal, and to respect what you decide.",
    },
    Passage {
        heading: "What is confidential",
        text: "What you tell us stays confidential, unless you agree that it is shared; or you, or adults or children connected with you, are likely to be harmed or to harm; or an act of terrorism is likely.",
    },
    Passage {
        heading: "When we share",
        text: "We try to tell you, unless that is not safe for you or your children or you cannot be reached. We share only what makes you and your children safer. Without your agreement we speak with a senior colleague first, or the decision is looked at again within 48 hours. What was shared, why and with whom is written on your file.",
    },
    Passage {
        heading: "How it is stored",
        text: "In a secure system. Only people of the service who are allowed to see it do.",
    },
    Passage {
        heading: "Your file",
        text: "You have the right to see your file, without what is about other people. Ask us how.",
    },
    Passage {
        heading: "What we use it for",
        text: "To keep you and any children safe, and to make the service better. Whatever you tell us is treated with care. Some of it is shared where that makes you or children safer, and the law allows it; never more than is needed, and the danger of sharing is weighed against the danger of not sharing. We want to tell you what, when, how and with whom.",
    },
    Passage {
        heading: "Requests for consent",
        text: "Where we need your consent to share something, we say so and ask you each time: what, with which agency, what for.",
    },
    Passage {
        heading: "Improving the service",
        text: "We would like to use information without anything that could identify you or your family, with those who pay for the service, agencies and researchers. You can say no, and nothing changes in the service you get.",
    },
];

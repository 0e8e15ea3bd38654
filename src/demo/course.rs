//! A case that is played on from step to step, by the forms that its workers use.

use platform::{Error, Result};

use super::{
    cast::{Persona, SERVICE_MANAGER, SOCIAL_WORKER},
    families::Family,
    player::{Player, hidden},
};
use crate::{
    consultations::model::ConsultationId, contacts::model::VisitId, people::model::PartId,
    plans::model::ActionId, risks::model::AssessmentId, supervision::model::NoteId,
};

/// A case that is played on.
pub(super) struct Course<'a> {
    pub(super) player: &'a Player,
    pub(super) case: String,
    pub(super) practitioner: &'a Persona,
}

/// What is said at a consultation, and stands in version 1 of the plan.
pub(super) struct Talk {
    pub(super) presenting: &'static str,
    pub(super) risk: &'static str,
    pub(super) needs: &'static str,
    pub(super) client_goals: &'static str,
    pub(super) survivor_goals: &'static str,
    pub(super) motivation: &'static str,
    pub(super) strengths: &'static str,
    pub(super) safety: &'static str,
}

impl<'a> Course<'a> {
    /// A family is referred, allocated with a lead worker, and told that it has arrived.
    pub(super) async fn begun(
        player: &'a Player,
        family: &Family,
        practitioner: &'a Persona,
        (referred, allocated, confirmed, consultation): (&str, &str, &str, &str),
    ) -> Result<Self> {
        player.at(referred)?;
        let case = player.refer(&SOCIAL_WORKER, family).await?;
        let course = Self {
            player,
            case,
            practitioner,
        };
        player.at(allocated)?;
        let worker = practitioner.id.to_string();
        let supervisor = SERVICE_MANAGER.id.to_string();
        let lead = SOCIAL_WORKER.id.to_string();
        let fields = [("worker", worker.as_str()), ("supervisor", &supervisor)];
        course.post(&SERVICE_MANAGER, "allocation", &fields).await?;
        let fields = [("lead", lead.as_str())];
        course
            .post(&SERVICE_MANAGER, "allocation/lead", &fields)
            .await?;
        player.at(confirmed)?;
        let day = confirmed.split(' ').next().unwrap_or_default();
        let fields = [
            ("confirmed_on", day),
            ("how", "here"),
            ("consultation_on", consultation),
            ("meeting", "telephone"),
        ];
        course
            .post(practitioner, "acknowledgement", &fields)
            .await?;
        Ok(course)
    }

    pub(super) async fn post(
        &self,
        who: &Persona,
        place: &str,
        fields: &[(&str, &str)],
    ) -> Result<String> {
        let path = format!("/cases/{}/{place}", self.case);
        self.player.post(who, &path, fields).await
    }

    /// The part of the person of this name.
    pub(super) async fn part(&self, name: &str) -> Result<PartId> {
        let path = format!("/cases/{}", self.case);
        let page = self.player.get(self.practitioner, &path).await?;
        page.split("/people/")
            .filter_map(|rest| rest.split_once('"'))
            .find(|(_, rest)| {
                rest.split('<')
                    .next()
                    .is_some_and(|link| link.contains(name))
            })
            .and_then(|(id, _)| id.parse().ok())
            .ok_or_else(|| Error::Broken(format!("nobody is called {name}")))
    }

    /// The consultation, and how the client stands.
    pub(super) async fn consulted(&self, day: &str, time: &str, talk: &Talk) -> Result<()> {
        self.player.at(&format!("{day} {time}"))?;
        let took_part = format!(
            "{}, Harbour Programmes\nInes Calloway, London Borough of Larkmoor",
            self.practitioner.name
        );
        let fields = [
            ("held_on", day),
            ("meeting", "telephone"),
            ("took_part", &took_part),
            ("presenting", talk.presenting),
            ("risk", talk.risk),
            ("needs", talk.needs),
            ("client_goals", talk.client_goals),
            ("survivor_goals", talk.survivor_goals),
            ("motivation", talk.motivation),
            ("strengths", talk.strengths),
            ("outcome", "suitability"),
            (
                "outcome_note",
                "Version 1 this week, then we decide together.",
            ),
            ("theme", "pattern"),
        ];
        let place = format!("consultations/{}/held", ConsultationId::new());
        self.post(self.practitioner, &place, &fields).await?;
        Ok(())
    }

    pub(super) async fn risk(
        &self,
        day: &str,
        survivor: PartId,
        level: &str,
        score: &str,
    ) -> Result<()> {
        let part = survivor.to_string();
        let fields = [
            ("part", part.as_str()),
            ("level", level),
            ("assessed_on", day),
            ("tool", "dash"),
            ("extent", "full"),
            ("score", score),
            ("source", "elsewhere"),
            ("held_at", "London Borough of Larkmoor"),
            ("usable", "no"),
        ];
        let place = format!("risks/{}/record", AssessmentId::new());
        self.post(self.practitioner, &place, &fields).await?;
        Ok(())
    }

    /// A version of the plan with its dates. Gives its place.
    pub(super) async fn version(
        &self,
        form: &str,
        day: &str,
        review: &str,
        before: &str,
    ) -> Result<String> {
        let fields = [
            ("version", before),
            ("form", form),
            ("created_on", day),
            ("review_on", review),
        ];
        let made = self.post(self.practitioner, "plans/new", &fields).await?;
        let id = made.split('/').nth(4).unwrap_or_default();
        let id = id.split('?').next().unwrap_or_default();
        Ok(format!("plans/{id}"))
    }

    /// Texts of a version, each saved by itself: those of `group`, or all on one page.
    pub(super) async fn texts(
        &self,
        (plan, form, group): (&str, &str, &str),
        texts: &[(&str, &str)],
    ) -> Result<()> {
        let mut path = format!("/cases/{}/{plan}/{form}", self.case);
        if !group.is_empty() {
            path.push_str("?part=");
            path.push_str(group);
        }
        let page = self.player.get(self.practitioner, &path).await?;
        let mut fields = texts.to_vec();
        fields.push(("seen", hidden(&page, "seen").unwrap_or_default()));
        self.player.post(self.practitioner, &path, &fields).await?;
        Ok(())
    }

    pub(super) async fn agreed(&self, plan: &str, day: &str) -> Result<()> {
        for (side, name) in [
            ("practitioner", self.practitioner.name),
            ("lead_worker", SOCIAL_WORKER.name),
        ] {
            let fields = [("side", side), ("name", name), ("agreed_on", day)];
            let place = format!("{plan}/agree");
            self.post(self.practitioner, &place, &fields).await?;
        }
        Ok(())
    }

    /// Version 1, from what was said at the consultation, with one action of the client.
    pub(super) async fn first_version(
        &self,
        day: &str,
        review: &str,
        talk: &Talk,
        action: &Action,
    ) -> Result<()> {
        let plan = self.version("first", day, review, "0").await?;
        let texts = [
            ("presenting", talk.presenting),
            ("risk", talk.risk),
            ("needs", talk.needs),
            ("goals", talk.client_goals),
            ("motivation", talk.motivation),
            ("stage", "contemplation"),
            ("work", "awareness"),
            ("work", "motivation"),
            ("strengths", talk.strengths),
            ("safety", talk.safety),
        ];
        self.texts((&plan, "first", ""), &texts).await?;
        self.action(&plan, day, action).await?;
        self.agreed(&plan, day).await
    }

    pub(super) async fn action(&self, plan: &str, day: &str, action: &Action) -> Result<()> {
        let fields = [
            ("version", "0"),
            ("what", action.what),
            ("owner", action.owner),
            ("proposed_on", action.by),
            ("agreed_on", day),
            ("area", action.area),
            ("measure", action.measure),
            ("client_words", action.for_client),
            (
                "sources",
                if action.owner == "client" {
                    "client"
                } else {
                    "workers"
                },
            ),
            (
                "may_use",
                if action.owner == "client" {
                    "yes"
                } else {
                    "no"
                },
            ),
            ("exercise", "no"),
            ("outcome", "open"),
        ];
        let place = format!("{plan}/actions/{}", ActionId::new());
        self.post(self.practitioner, &place, &fields).await?;
        Ok(())
    }

    /// Where the client stands, and that the work suits, decided together.
    pub(super) async fn suitable(&self, day: &str, evidence: &str, reasons: &str) -> Result<()> {
        let fields = [
            ("version", "0"),
            ("stage", "contemplation"),
            ("evidence", evidence),
            ("assessed_on", day),
        ];
        self.post(self.practitioner, "suitability/stage", &fields)
            .await?;
        let with = format!("{} and Ines Calloway", self.practitioner.name);
        let fields = [
            ("version", "0"),
            ("outcome", "suitable"),
            ("because", reasons),
            ("decided_with", &with),
            ("decided_on", day),
        ];
        self.post(self.practitioner, "suitability/decision", &fields)
            .await?;
        Ok(())
    }

    /// A party answers: the survivor first and alone, the client after it.
    pub(super) async fn answered(
        &self,
        who: &Persona,
        survivor: Option<PartId>,
        reply: &str,
        (day, how): (&str, &str),
    ) -> Result<()> {
        let place = survivor.map_or_else(
            || "participation".to_owned(),
            |part| format!("apart/{part}/participation"),
        );
        let explained_how = format!("Talked through by {} with the leaflet.", who.name);
        let fields = [
            ("version", "0"),
            ("explained", "yes"),
            ("sharing", "yes"),
            ("explained_how", &explained_how),
            ("reply", reply),
            ("answered_on", day),
            ("asked_by", who.name),
            ("how", how),
            ("alone", "yes"),
            ("able", "yes"),
            ("interpreter", "not_needed"),
        ];
        self.post(who, &place, &fields).await?;
        Ok(())
    }

    /// The first meeting: the agreement is signed, the practitioner asks, and the lead worker says
    /// that the work may begin.
    pub(super) async fn opened(&self, day: &str, client: &str) -> Result<()> {
        let fields = [("said_on", day), ("said_by", SOCIAL_WORKER.name)];
        self.post(&SOCIAL_WORKER, "interventions/stays-open", &fields)
            .await?;
        let fields = [
            ("version", "0"),
            ("explained_on", day),
            ("how", "face_to_face"),
            ("explained_by", self.practitioner.name),
            ("interpreter", "not_needed"),
            ("explained", "yes"),
            ("research", "no"),
            ("confidential", "yes"),
            ("exceptions", "yes"),
            ("signing", "typed"),
            ("signed_on", day),
            ("signed_name", client),
            ("witness", self.practitioner.name),
        ];
        self.post(self.practitioner, "participation/confidentiality", &fields)
            .await?;
        let fields = [("opened_on", day)];
        self.post(self.practitioner, "interventions/new", &fields)
            .await?;
        let fields = [("ready_on", day)];
        self.post(&SOCIAL_WORKER, "apart/interventions", &fields)
            .await?;
        Ok(())
    }

    /// Practitioner and lead worker speak; it counts as liaison and as meeting.
    pub(super) async fn spoke(&self, day: &str, said: &str, result: &str) -> Result<()> {
        let entry = VisitId::new().to_string();
        let mut fields = vec![
            ("entry", entry.as_str()),
            ("held_on", day),
            ("method", "telephone"),
            ("result", result),
            ("serves", "liaison"),
            ("serves", "meeting"),
        ];
        fields.push(if result == "held" {
            ("body", said)
        } else {
            ("reason", said)
        });
        self.post(self.practitioner, "contacts/liaison", &fields)
            .await?;
        Ok(())
    }

    pub(super) async fn client_seen(&self, day: &str, said: &str, result: &str) -> Result<()> {
        let entry = VisitId::new().to_string();
        let mut fields = vec![
            ("entry", entry.as_str()),
            ("held_on", day),
            ("method", "face_to_face"),
            ("result", result),
        ];
        fields.push(if result == "held" {
            ("body", said)
        } else {
            ("reason", said)
        });
        self.post(self.practitioner, "contacts/client", &fields)
            .await?;
        Ok(())
    }

    /// The lead worker sees the survivor and the children.
    pub(super) async fn family_seen(
        &self,
        day: &str,
        who: &[PartId],
        said: (&str, &str),
    ) -> Result<()> {
        let entry = VisitId::new().to_string();
        let parts: Vec<String> = who.iter().map(ToString::to_string).collect();
        let mut fields = vec![
            ("entry", entry.as_str()),
            ("held_on", day),
            ("method", "face_to_face"),
            ("result", "held"),
            ("alone", "yes"),
            ("safe_place", "yes"),
            ("voice", said.0),
            ("child_voice", said.1),
        ];
        fields.extend(parts.iter().map(|part| ("who", part.as_str())));
        self.post(&SOCIAL_WORKER, "apart/contacts/new", &fields)
            .await?;
        Ok(())
    }

    pub(super) async fn supervised(&self, day: &str, note: &str, decision: &str) -> Result<()> {
        let fields = [("noted_on", day), ("note", note), ("decision", decision)];
        let place = format!("supervision/notes/{}", NoteId::new());
        self.post(&SERVICE_MANAGER, &place, &fields).await?;
        Ok(())
    }

    /// A change is recorded, and the survivor is told of it.
    pub(super) async fn changed(
        &self,
        day: &str,
        what: &str,
        words: &str,
        told: &str,
    ) -> Result<()> {
        self.player.at(&format!("{day} 15:40"))?;
        let fields = [
            ("what", what),
            ("changed_on", day),
            ("heightened", "no"),
            ("words", words),
        ];
        self.post(self.practitioner, "engagement/change", &fields)
            .await?;
        self.player.at(&format!("{told} 11:10"))?;
        let path = format!("/cases/{}/apart/engagement", self.case);
        let page = self.player.get(&SOCIAL_WORKER, &path).await?;
        let start = format!("href=\"{path}/");
        let change = page
            .split(&start)
            .skip(1)
            .filter(|rest| {
                rest.split('<')
                    .next()
                    .is_some_and(|link| link.contains("Record that"))
            })
            .find_map(|rest| rest.split('"').next())
            .ok_or_else(|| Error::Broken("no change to tell of".to_owned()))?;
        let fields = [
            ("outcome", "told"),
            ("told_on", told),
            ("how", "telephone"),
            ("words", "She says thank you; she had noticed."),
        ];
        let place = format!("apart/engagement/{change}");
        self.post(&SOCIAL_WORKER, &place, &fields).await?;
        Ok(())
    }

    pub(super) async fn form(&self, day: &str, children: &[PartId], summary: &str) -> Result<()> {
        self.player.at(&format!("{day} 16:20"))?;
        let children: Vec<String> = children.iter().map(ToString::to_string).collect();
        let mut fields = vec![
            ("filled_on", day),
            ("spoken", "yes"),
            ("parenting", "yes"),
            ("impact", "yes"),
            ("actions", "yes"),
            ("summary", summary),
            ("referral", "no"),
        ];
        fields.extend(children.iter().map(|child| ("children", child.as_str())));
        self.post(self.practitioner, "engagement/form", &fields)
            .await?;
        Ok(())
    }
}

/// Something that somebody will do.
pub(super) struct Action {
    pub(super) what: &'static str,
    pub(super) owner: &'static str,
    pub(super) area: &'static str,
    pub(super) by: &'static str,
    pub(super) measure: &'static str,
    pub(super) for_client: &'static str,
}

import Signaling

/// The people and the moments most tests of a chat need.
extension Cast {
  static let hostMember = ChatMember(host, role: .host, isFree: true)
  static let admin = ChatMember(Person(id: "ada", name: "Ada"), role: .cohost, isAdmin: true, isFree: true)
  static let bobMember = ChatMember(bob, role: .viewer)
  static let eveMember = ChatMember(eve, role: .viewer)

  static func viewer(_ number: Int) -> ChatMember {
    ChatMember(Person(id: "v\(number)", name: "V\(number)"), role: .viewer)
  }

  static let rose = Gift(id: "rose", zh: "玫瑰", en: "Rose", emoji: "🌹")
  static let rocket = Gift(id: "rocket", zh: "火箭", en: "Rocket", emoji: "🚀", price: 500)
}

extension [ChatAction] {
  var told: [ChatEvent] {
    compactMap { action in
      if case .tell(let event) = action { event } else { nil }
    }
  }

  var messages: [ChatMessage] {
    told.flatMap { event in
      if case .messages(let messages) = event { messages } else { [ChatMessage]() }
    }
  }

  var gifts: [GiftNews] {
    told.compactMap { event in
      if case .gift(let news) = event { news } else { nil }
    }
  }

  var likes: [LikeNews] {
    told.compactMap { event in
      if case .likes(let news) = event { news } else { nil }
    }
  }

  var audiences: [AudienceNews] {
    told.compactMap { event in
      if case .audience(let news) = event { news } else { nil }
    }
  }
}

extension FactTests {
  /// One line for each kind, as version 1 wrote it. Never edited: a line that no longer reads is a broken ledger somewhere.
  static let golden: [String] = #"""
    {"at":1700000000000000001,"gatewayOpened":{"epoch":3},"kind":"gatewayOpened"}
    {"at":1700000000000000001,"kind":"revisionAdopted","revisionAdopted":{"envelope":"abc","revision":"r1"}}
    {"at":1700000000000000001,"kind":"twinStatusChanged","twinStatusChanged":{"status":{"calibration":"c1","reason":"","revision":"r1","score":0.875,"valid":true}}}
    {"at":1700000000000000001,"kind":"takenOver","takenOver":{"by":{"name":"local panel","role":"viewer"}}}
    {"at":1700000000000000001,"kind":"rearmed","rearmed":{"by":{"name":"Eve","role":"engineer"}}}
    {"at":1700000000000000001,"halted":{"by":{"name":"Eve","role":"engineer"}},"kind":"halted"}
    {"at":1700000000000000001,"kind":"resumed","resumed":{"by":{"name":"Eve","role":"engineer"}}}
    {"at":1700000000000000001,"commandRefused":{"by":{"name":"Eve","role":"engineer"},"command":{"approve":{"_0":"brisk-otter-17","binding":"abc"}},"reason":"it has expired"},"kind":"commandRefused"}
    {"at":1700000000000000001,"kind":"loopRegistered","loopRegistered":{"authority":2,"loop":"speed"}}
    {"at":1700000000000000001,"kind":"loopStarted","loopStarted":{"loop":"speed"}}
    {"at":1700000000000000001,"kind":"loopCrashed","loopCrashed":{"loop":"speed","reason":"signal 11"}}
    {"at":1700000000000000001,"kind":"loopMissedDeadline","loopMissedDeadline":{"loop":"speed"}}
    {"at":1700000000000000001,"kind":"loopPromoted","loopPromoted":{"by":{"name":"Eve","role":"engineer"},"loop":"speed","to":3}}
    {"at":1700000000000000001,"kind":"loopDemoted","loopDemoted":{"loop":"speed","reason":"harm","to":1}}
    {"at":1700000000000000001,"claimScored":{"loop":"speed","score":{"at":5,"change":"brisk-otter-17","claimed":{"expected":10,"lower":1.5,"upper":18.25},"realised":{"expected":10,"lower":1.5,"upper":18.25},"verdict":"inconclusive"}},"kind":"claimScored"}
    {"at":1700000000000000001,"kind":"proposalRefused","proposalRefused":{"loop":"speed","refusal":{"detail":"x","reason":"anotherChangeOpen"}}}
    {"at":1700000000000000001,"changeProposed":{"proposal":{"calibration":"c1","claim":{"confidence":0.9,"goodPerHour":{"expected":10,"lower":1.5,"upper":18.25},"horizon":28800000000000,"objective":"goodPartsPerHour","valuePerHour":{"expected":10,"lower":1.5,"upper":18.25}},"created":1700000000000000000,"expires":1700000600000000000,"id":"brisk-otter-17","loop":"speed","moves":[{"from":60,"tag":"Filler/MachSpeed","to":66.1}],"rationale":"the filler is the bottleneck","revision":"r1"}},"kind":"changeProposed"}
    {"at":1700000000000000001,"changeProven":{"proof":{"calibration":"c1","change":"brisk-otter-17","envelopeClean":true,"predicted":{"expected":10,"lower":1.5,"upper":18.25},"probabilityOfGain":0.95,"replications":200,"revision":"r1","rollbackAdmissible":true,"twinValid":true}},"kind":"changeProven"}
    {"at":1700000000000000001,"envelopeChecked":{"binding":"abc","change":"brisk-otter-17"},"kind":"envelopeChecked"}
    {"approvalAsked":{"change":"brisk-otter-17"},"at":1700000000000000001,"kind":"approvalAsked"}
    {"at":1700000000000000001,"changeApproved":{"binding":"abc","by":{"name":"Eve","role":"engineer"},"change":"brisk-otter-17"},"kind":"changeApproved"}
    {"at":1700000000000000001,"changeArmed":{"change":"brisk-otter-17","lastKnownGood":{"Filler/MachSpeed":60,"Filler/TempSet":80}},"kind":"changeArmed"}
    {"at":1700000000000000001,"kind":"shadowStarted","shadowStarted":{"change":"brisk-otter-17"}}
    {"at":1700000000000000001,"changeRejected":{"change":"brisk-otter-17","refusal":{"detail":"x","reason":"weakProof"}},"kind":"changeRejected"}
    {"at":1700000000000000001,"changeExpired":{"change":"brisk-otter-17"},"kind":"changeExpired"}
    {"at":1700000000000000001,"changeRevoked":{"change":"brisk-otter-17","reason":"superseded"},"kind":"changeRevoked"}
    {"at":1700000000000000001,"changeAcknowledged":{"by":{"name":"Eve","role":"engineer"},"change":"brisk-otter-17"},"kind":"changeAcknowledged"}
    {"at":1700000000000000001,"kind":"stageStarted","stageStarted":{"change":"brisk-otter-17","full":false,"share":0.4,"step":0}}
    {"at":1700000000000000001,"kind":"stageReached","stageReached":{"change":"brisk-otter-17","step":0}}
    {"armReached":{"change":"brisk-otter-17","period":3,"step":0},"at":1700000000000000001,"kind":"armReached"}
    {"at":1700000000000000001,"kind":"stageJudged","stageJudged":{"change":"brisk-otter-17","judgement":{"autocorrelation":0.25,"estimate":9.5,"gainLogE":3.25,"harmLogE":-4,"lower":2,"reason":"the gain is shown","shortfallLogE":-1,"upper":1e+300,"verdict":"keep","windows":12},"step":0}}
    {"at":1700000000000000001,"changeHeld":{"change":"brisk-otter-17","detail":"x","reason":"twinInvalid","until":9223372036854775807},"kind":"changeHeld"}
    {"at":1700000000000000001,"changeReleased":{"change":"brisk-otter-17"},"kind":"changeReleased"}
    {"at":1700000000000000001,"changeSettled":{"change":"brisk-otter-17","setpoints":{"Filler/MachSpeed":66.1}},"kind":"changeSettled"}
    {"at":1700000000000000001,"kind":"probationEnded","probationEnded":{"change":"brisk-otter-17"}}
    {"at":1700000000000000001,"kind":"rollbackStarted","rollbackStarted":{"change":"brisk-otter-17","detail":"x","reason":"harm"}}
    {"at":1700000000000000001,"changeRestored":{"change":"brisk-otter-17"},"kind":"changeRestored"}
    {"at":1700000000000000001,"changeQuarantined":{"change":"brisk-otter-17","until":9},"kind":"changeQuarantined"}
    {"at":1700000000000000001,"kind":"writeIntended","writeIntended":{"intent":{"change":"brisk-otter-17","expires":9,"from":60,"purpose":"advance","tag":"Filler/MachSpeed","token":{"epoch":3,"sequence":7},"value":65}}}
    {"at":1700000000000000001,"kind":"writeRefused","writeRefused":{"refusal":{"detail":"door open","reason":"interlock"},"token":{"epoch":3,"sequence":7}}}
    {"at":1700000000000000001,"kind":"writeConfirmed","writeConfirmed":{"readBack":65,"token":{"epoch":3,"sequence":7}}}
    {"at":1700000000000000001,"kind":"writeFailed","writeFailed":{"failure":{"readBack":62,"reason":"clamped"},"token":{"epoch":3,"sequence":7}}}
    {"at":1700000000000000001,"foreignMovementSeen":{"change":"brisk-otter-17","tag":"Filler/MachSpeed","value":0.1},"kind":"foreignMovementSeen"}
    {"at":1700000000000000001,"kind":"planSigned","planSigned":{"by":{"name":"Eve","role":"engineer"},"name":"speeds","plan":"abc","signature":{"bytes":"00ff","expires":9}}}
    {"at":1700000000000000001,"kind":"planWithdrawn","planWithdrawn":{"by":{"name":"Eve","role":"engineer"},"name":"speeds"}}
    {"at":1700000000000000001,"envelopeAccepted":{"by":{"name":"Sam","role":"safety"},"envelope":"abc"},"kind":"envelopeAccepted"}
    {"at":1700000000000000001,"kind":"promotionEndorsed","promotionEndorsed":{"by":{"name":"Eve","role":"engineer"},"loop":"speed","to":3}}
    {"at":1700000000000000001,"kind":"rollbackProven","rollbackProven":{"change":"brisk-otter-17","within":420000000000}}
    {"at":1700000000000000001,"decoyAnswered":{"by":{"name":"Eve","role":"engineer"},"caught":true,"change":"brisk-otter-17"},"kind":"decoyAnswered"}
    {"at":1700000000000000001,"certificateIssued":{"certificate":{"bound":1,"calibration":"c1","delayHigh":1,"delayLow":0,"expires":9,"gainHigh":1.25,"gainLow":0.5,"hash":"abc","issued":5,"loop":"speed","period":2100000000000,"revision":"r1","subject":"calibrate, optimise, move","worst":0.25}},"kind":"certificateIssued"}
    {"at":1700000000000000001,"certificateRefused":{"loop":"speed","reason":"x"},"kind":"certificateRefused"}
    {"at":1700000000000000001,"certificateVoided":{"barredUntil":9,"certificate":"abc","loop":"speed","reason":"x"},"kind":"certificateVoided"}
    {"at":1700000000000000001,"kind":"proposalProjected","proposalProjected":{"change":"brisk-otter-17","moves":[{"asked":90,"boundBy":["high"],"given":80,"tag":"Filler/MachSpeed"}]}}
    {"at":1700000000000000001,"kind":"referenceKept","referenceKept":{"reference":{"interval":28800000000000,"revision":0,"streams":[{"activity":"scrap","reference":{"chart":{"h":5,"headStart":0,"high":0,"highRun":0,"k":0.5,"low":0,"lowRun":0},"commissioning":32,"correlation":0,"count":0,"distance":0,"frozen":5,"last":0,"laws":[[0.5]],"luck":{"count":{}},"products":0,"spread":1.25,"squares":0,"terms":0},"station":"Filler"}]}}}
    {"at":1700000000000000001,"driftSettled":{"because":"another resin","by":{"name":"Eve","role":"engineer"},"decision":"accepted"},"kind":"driftSettled"}
    """#.split(separator: "\n").map(String.init)
}

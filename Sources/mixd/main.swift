import ArgumentParser

await Mixd.main()
